// Everything the page needs from npm, under one global: GraphiQLBundle.
import "graphiql/graphiql.css";
import "@graphiql/plugin-explorer/style.css";

export { explorerPlugin } from "@graphiql/plugin-explorer";
export { setNonce } from "get-nonce";
export { GraphiQL } from "graphiql";
export { createElement } from "react";
export { createRoot } from "react-dom/client";

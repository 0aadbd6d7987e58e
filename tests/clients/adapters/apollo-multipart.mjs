// Apollo Client with nothing but its HTTP link, which asks for subscriptions as multipart.
import { HttpLink } from "@apollo/client";
import { asAsked } from "./apollo-shared.mjs";

export function connect({ url, authorization }) {
  return asAsked(new HttpLink({ uri: url, headers: { authorization } }), () => {});
}

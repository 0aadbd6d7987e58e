/**
 * The vendor's documented flows, from the first item to the last webhook: offer chains, reward chains, daily chains.
 *
 * The clients are generated from docs/upstream/*.yaml, so each call, each body and each field that is read is one that the
 * documents declare; anything else does not compile. Only paying is a person's step, on the payment page.
 *
 * Arguments: the sandbox's address, the project, its API key, and the player's token.
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import createClient from "openapi-fetch";

import type { paths as AdminPaths } from "./admin.js";
import type { paths as ClientPaths } from "./client.js";

const [site, project, key, token] = process.argv.slice(2) as [string, string, string, string];
const baseUrl = `${site}/api`;
const authorization = `Basic ${Buffer.from(`${project}:${key}`).toString("base64")}`;
const publisher = createClient<AdminPaths>({ baseUrl, headers: { Authorization: authorization } });
const game = createClient<ClientPaths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
const here = { project_id: Number(project) };

function check(condition: boolean, message: string): asserts condition {
    if (!condition) throw new Error(message);
}

/** The body of a call that succeeded. */
async function done<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
    const { data, error, response } = await call;
    if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${JSON.stringify(error)}`);
    return data as T;
}

/** The status of a call that is to be refused. */
async function refused(call: Promise<{ error?: unknown; response: Response }>): Promise<number> {
    const { response } = await call;
    check(!response.ok, `${response.url} was not refused`);
    return response.status;
}

/** Pays on the payment page, as a person does. */
async function pay(payment: string): Promise<void> {
    const page = await fetch(`${site}/paystation4/`, {
        method: "POST",
        body: new URLSearchParams({ token: payment, action: "pay" }),
    });
    check((await page.text()).includes("Payment received"), "the payment was not received");
}

async function makeItem(sku: string, amount?: number): Promise<void> {
    const prices = amount === undefined ? [] : [{ amount, currency: "USD", is_default: true, is_enabled: true }];
    const body = { sku, name: { en: sku }, description: null, prices };
    await done(publisher.POST("/v2/project/{project_id}/admin/items/virtual_items", { params: { path: here }, body }));
}

async function orderStatus(order: number): Promise<string> {
    const path = { ...here, order_id: String(order) };
    return (await done(game.GET("/v2/project/{project_id}/order/{order_id}", { params: { path } }))).status;
}

async function offerChain(): Promise<object> {
    await makeItem("flow_map");
    await makeItem("flow_chest", 4.99);
    const step = (step_number: number, sku: string, is_free: boolean) => ({
        step_number,
        is_free,
        items: [{ sku, quantity: 1 }],
    });
    const { offer_chain_id } = await done(
        publisher.POST("/v2/project/{project_id}/admin/offer_chain", {
            params: { path: here },
            body: {
                name: { en: "Offers" },
                date_start: "2025-01-01T00:00:00+00:00",
                is_enabled: true,
                steps: [step(1, "flow_map", true), step(2, "flow_chest", false)],
            },
        }),
    );
    const query = { limit: 50, offset: 0 };
    const page = await done(game.GET("/v2/project/{project_id}/user/offer_chain", { params: { path: here, query } }));
    const chain = page.items.find((one) => one.id === offer_chain_id);
    check(chain?.next_step_number === 1, "the chain is not shown");

    const at = (step_number: number) => ({ params: { path: { ...here, offer_chain_id, step_number } } });
    const claim = "/v2/project/{project_id}/user/offer_chain/{offer_chain_id}/step/number/{step_number}/claim";
    const order = "/v2/project/{project_id}/user/offer_chain/{offer_chain_id}/step/number/{step_number}/order";
    const claimed = await done(game.POST(claim, at(1)));
    const paid = await refused(game.POST(claim, at(2)));
    const ordered = await done(game.POST(order, at(2)));
    const before = await orderStatus(ordered.order_id);
    await pay(ordered.token);
    const after = await orderStatus(ordered.order_id);
    const finished = await done(
        game.GET("/v2/project/{project_id}/user/offer_chain/{offer_chain_id}", {
            params: { path: { ...here, offer_chain_id } },
        }),
    );
    return {
        orders: [claimed.order_id, ordered.order_id],
        refused: paid,
        price: chain.steps.map((one) => one.step_price?.amount ?? null),
        status: [before, after],
        next: finished.next_step_number,
    };
}

async function rewardChain(): Promise<object> {
    await makeItem("flow_medal");
    const point = { sku: "flow_points", name: { en: "Points" } };
    await done(publisher.POST("/v2/project/{project_id}/admin/items/value_points", { params: { path: here }, body: point }));
    await done(
        publisher.PUT("/v2/project/{project_id}/admin/items/{value_point_sku}/value_points/rewards", {
            params: { path: { ...here, value_point_sku: "flow_points" } },
            body: [{ sku: "flow_sword", amount: 60 }],
        }),
    );
    const { reward_chain_id } = await done(
        publisher.POST("/v2/project/{project_id}/admin/reward_chain", {
            params: { path: here },
            body: {
                name: { en: "Rewards" },
                date_start: "2025-01-01T00:00:00+00:00",
                is_enabled: true,
                value_point: { sku: "flow_points" },
                steps: [
                    { name: { en: "First" }, price: { amount: 50 }, reward: [{ sku: "flow_medal", quantity: 1 }] },
                    { name: { en: "Second" }, price: { amount: 150 }, reward: [{ sku: "flow_medal", quantity: 2 }] },
                ],
            },
        }),
    );
    const page = await done(game.GET("/v2/project/{project_id}/user/reward_chain", { params: { path: here } }));
    const chain = page.items.find((one) => one.reward_chain_id === reward_chain_id);
    check(chain !== undefined, "the chain is not shown");
    const [first, second] = chain.steps;
    check(first !== undefined && second !== undefined, "the chain has no two steps");

    const path = { ...here, reward_chain_id };
    const balance = async () =>
        (await done(game.GET("/v2/project/{project_id}/user/reward_chain/{reward_chain_id}/balance", { params: { path } })))
            .amount;
    const claim = (step_id: number) =>
        game.POST("/v2/project/{project_id}/user/reward_chain/{reward_chain_id}/step/{step_id}/claim", {
            params: { path: { ...path, step_id } },
        });
    const before = await balance();
    const early = await refused(claim(first.step_id));
    await buySword();
    const after = await balance();
    await done(claim(first.step_id));
    return { balance: [before, after], refused: [early, await refused(claim(first.step_id)), await refused(claim(second.step_id))] };
}

/** Buys the item that gives points, as the paid step of an offer chain. */
async function buySword(): Promise<void> {
    const { offer_chain_id } = await done(
        publisher.POST("/v2/project/{project_id}/admin/offer_chain", {
            params: { path: here },
            body: {
                name: { en: "A sword" },
                date_start: "2025-01-01T00:00:00+00:00",
                is_enabled: true,
                steps: [{ step_number: 1, is_free: false, items: [{ sku: "flow_sword", quantity: 1 }] }],
            },
        }),
    );
    const ordered = await done(
        game.POST("/v2/project/{project_id}/user/offer_chain/{offer_chain_id}/step/number/{step_number}/order", {
            params: { path: { ...here, offer_chain_id, step_number: 1 } },
        }),
    );
    await pay(ordered.token);
}

async function dailyChain(): Promise<object> {
    const day = (step_number: number) => ({ step_number, items: [{ sku: "flow_medal", quantity: step_number }] });
    const { daily_chain_id } = await done(
        publisher.POST("/v2/project/{project_id}/admin/daily_chain", {
            params: { path: here },
            body: {
                name: { en: "Every day" },
                date_start: "2025-01-01T00:00:00+00:00",
                type: "rolling",
                is_enabled: true,
                steps: [day(1), day(2)],
            },
        }),
    );
    const page = await done(game.GET("/v2/project/{project_id}/user/daily_chain", { params: { path: here } }));
    check(page.items.some((one) => one.id === daily_chain_id), "the chain is not shown");
    const path = { ...here, daily_chain_id };
    const statuses = async () =>
        (await done(game.GET("/v2/project/{project_id}/user/daily_chain/{daily_chain_id}", { params: { path } }))).steps.map(
            (one) => one.status,
        );
    const claim = (step_number: number) =>
        game.POST("/v2/project/{project_id}/user/daily_chain/{daily_chain_id}/step/number/{step_number}/claim", {
            params: { path: { ...path, step_number } },
        });
    const before = await statuses();
    await done(claim(1));
    return { status: [before, await statuses()], refused: await refused(claim(2)) };
}

/** Takes webhooks, as the publisher's server: `told` has the kinds, once as many have come as were announced. */
async function receiveWebhooks(expected: number): Promise<{ told: Promise<string[]>; close: () => void }> {
    const secret = "a-secret-of-this-flow";
    const kinds: string[] = [];
    let tell: (kinds: string[]) => void;
    const told = new Promise<string[]>((resolve) => (tell = resolve));
    const server = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const body = Buffer.concat(chunks).toString();
        const signature = createHash("sha1").update(body + secret).digest("hex");
        const isGenuine = request.headers.authorization === `Signature ${signature}`;
        response.writeHead(isGenuine ? 204 : 400).end();
        kinds.push(isGenuine ? (JSON.parse(body) as { notification_type: string }).notification_type : "forged");
        if (kinds.length === expected) tell(kinds);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
    const body = { url, secret, is_enabled: true };
    await done(publisher.PUT("/v2/project/{project_id}/admin/webhook", { params: { path: here }, body }));
    return { told, close: () => server.close() };
}

const webhooks = await receiveWebhooks(5);
await makeItem("flow_sword", 9.99);
const shown = { offer: await offerChain(), reward: await rewardChain(), daily: await dailyChain() };
console.log(JSON.stringify({ ...shown, webhooks: await webhooks.told }));
webhooks.close();

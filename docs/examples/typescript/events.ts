// Receives events, and prints each fact once. Needs Node.js 20; `npx tsc` with
// typescript and @types/node compiles it, in a package of `"type": "module"`.

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const { WEBHOOK_SECRET: secret = "", PORT: port = "0" } = process.env;
const toleranceSeconds = 300;
// An ATS keeps these in its database, for a few days.
const seen = new Set<string>();

interface ReceivedEvent {
  type: string;
  data: { customer: string; user?: string; sentence: { en: string; pl: string } };
}

/** Whether one of the signatures is ours: while the operator replaces the secret, there are two. */
function isSigned(id: string, at: string, body: Buffer, signatures: string): boolean {
  if (!/^\d+$/.test(at) || Math.abs(Date.now() / 1000 - Number(at)) > toleranceSeconds) {
    return false;
  }
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const own = Buffer.from(`v1,${createHmac("sha256", key).update(`${id}.${at}.`).update(body).digest("base64")}`);
  return signatures.split(" ").some((other) => {
    const bytes = Buffer.from(other);
    return bytes.length === own.length && timingSafeEqual(bytes, own);
  });
}

const server = createServer((request, answer) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const header = (name: string) => String(request.headers[name] ?? "");
    const [id, body] = [header("webhook-id"), Buffer.concat(chunks)];
    const isKnown = isSigned(id, header("webhook-timestamp"), body, header("webhook-signature"));
    if (isKnown && !seen.has(id)) {
      const event = JSON.parse(body.toString("utf8")) as ReceivedEvent;
      // What follows from it comes later, from a queue of one's own.
      console.log(id, event.type, event.data.sentence.en);
      seen.add(id);
    }
    answer.writeHead(isKnown ? 204 : 401).end();
  });
});
server.listen(Number(port), "127.0.0.1");

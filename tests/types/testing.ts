// The Auth of an app's own tests, checked by tsc alone.

import { AuthError, type Auth, type Snapshot } from "cognito-vault";
import { createTestAuth, type TestAuth, type TestAuthOptions } from "cognito-vault/testing";

interface Claims {
  readonly "custom:team": string;
}

const auth = createTestAuth<Claims>({ user: { email: "ada@example.com", "custom:team": "blue" } });
auth satisfies TestAuth<Claims>;
auth satisfies Auth<Claims>;
auth.snapshot() satisfies Snapshot<Claims>;
auth.show({ status: "stale" });
auth.show({ status: "signedIn", user: { "custom:team": "red" } });
// @ts-expect-error there is no such status
auth.show({ status: "gone" });

createTestAuth();
createTestAuth({
  steps: [
    { name: "newPassword", requiredAttributes: [], attributes: {} },
    { name: "emailCode", sentTo: { medium: "email" } },
    new AuthError("CodeMismatch", "wrong"),
    (asked) => (asked === "123456" ? { name: "signedIn" } : new AuthError("CodeMismatch", "wrong")),
    async () => ({ name: "signedIn", user: { sub: "7" } }),
  ],
  calls: { fetch: async () => new Response(), devices: { list: async () => ({ items: [] }) } },
} satisfies TestAuthOptions);
// @ts-expect-error a step has its data
createTestAuth({ steps: [{ name: "newPassword" }] });
// @ts-expect-error there is no such step
createTestAuth({ steps: [{ name: "enter" }] });
// @ts-expect-error a call keeps its type
createTestAuth({ calls: { fetch: async () => "text" } });
// @ts-expect-error there is no such call
createTestAuth({ calls: { enter: async () => undefined } });

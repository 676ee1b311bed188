// What the page's calls hand to the core, by name: the core takes texts in the order that src/wasm/values.rs says.

const NAMES = {
  signIn: ["username", "flow", "prefer", "stepUp", "clientMetadata"],
  signUp: ["username", "members", "clientMetadata"],
  answer: ["id", "code", "email", "responses"],
  resend: ["id"],
  giveUp: ["id"],
  importSession: ["idToken", "access", "refresh", "username", "device"],
  exchange: ["url", "form", "nonce"],
  changed: ["subject"],
  fetch: ["origin"],
};
const JSONS = new Set(["stepUp", "clientMetadata", "members", "responses", "device"]);

/** The method `account` stands for any operation, with its members and the names of its passwords. */
export function named(method, texts) {
  if (/^[A-Z]/.test(method)) return ["account", { operation: method, members: JSON.parse(texts[0]), secrets: texts.slice(1) }];
  const names = NAMES[method] ?? [];
  if (texts.length > names.length) throw new Error(`${method} takes ${names.length} texts`);
  const said = names.map((name, at) => [name, texts[at]]).filter(([, text]) => text);
  return [method, Object.fromEntries(said.map(([name, text]) => [name, JSONS.has(name) || name === "id" ? JSON.parse(text) : text]))];
}

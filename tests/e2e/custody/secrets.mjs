// Whether a text holds a secret, whole, in part or encoded.

const JWT = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/;

/** A token, each long part of it but the first, and all of these in hexadecimal and in Base64 at each of its three offsets. */
function formsOf(secret) {
  const parts = [secret, ...secret.split(".").slice(1).filter((part) => part.length >= 20)];
  return parts.flatMap((part) => {
    const base64 = [0, 1, 2].map((offset) => Buffer.from(" ".repeat(offset) + part).toString("base64").slice(offset && 4, -4));
    return [part, Buffer.from(part).toString("hex"), ...base64];
  });
}

/** Those of the secrets that a text holds. */
export const held = (text, secrets) => secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form)));

/** Where secrets were found, as sentences without them; `texts` by name. */
export function leaks(texts, secrets) {
  return Object.entries(texts).flatMap(([where, text]) => {
    const count = held(text, secrets).length;
    return count > 0 ? [`${count} of ${secrets.length} in ${where}`] : JWT.test(text) ? [`a JWT in ${where}`] : [];
  });
}

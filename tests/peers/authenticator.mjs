// An authenticator in a page's place: it makes passkeys of P-256 and answers for them, as navigator.credentials would.

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const PRESENT_AND_VERIFIED = 5;
const ATTESTED = 1 << 6;
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
/** An ArrayBuffer of its own: a Buffer may be a part of a larger one. */
const alone = (bytes) => Uint8Array.from(bytes).buffer;

class PublicKeyCredential {
  constructor(id, response) {
    Object.assign(this, { id: id.toString("base64url"), rawId: alone(id), type: "public-key", authenticatorAttachment: "platform", response });
  }
  getClientExtensionResults = () => ({});
}
class AuthenticatorAttestationResponse {
  constructor(parts) {
    Object.assign(this, parts);
  }
  getTransports = () => ["internal"];
  getPublicKeyAlgorithm = () => -7;
  getPublicKey = () => null;
  getAuthenticatorData = () => this.authenticatorData;
}
class AuthenticatorAssertionResponse {
  constructor(parts) {
    Object.assign(this, parts);
  }
}

export class Authenticator {
  /** The page. */
  origin = "http://localhost:4173";
  /** What the next call throws, as where its user declines. */
  fails = null;
  /** @type {{ id: Buffer, privateKey: import("node:crypto").KeyObject, userHandle: ArrayBuffer }[]} */
  keys = [];

  /** Puts it where a page has its own. */
  install() {
    const globals = { PublicKeyCredential, AuthenticatorAttestationResponse, AuthenticatorAssertionResponse };
    Object.assign(globalThis, globals, { window: { ...globals, document: {}, isSecureContext: true } });
    Object.defineProperty(globalThis, "navigator", { value: { userAgent: "node", credentials: this }, configurable: true });
  }

  async create({ publicKey: { challenge, rp, user } }) {
    this.#consider();
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const id = randomBytes(32);
    this.keys.push({ id, privateKey, userHandle: user.id });
    const { x, y } = publicKey.export({ format: "jwk" });
    const point = (head, text) => Buffer.concat([Buffer.from(head), Buffer.from(text, "base64url")]);
    // COSE: {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
    const cose = Buffer.concat([point([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], x), point([0x22, 0x58, 32], y)]);
    const data = Buffer.concat([this.#data(rp.id, ATTESTED), Buffer.alloc(16), Buffer.from([0, id.length]), id, cose]);
    // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}.
    const attestation = Buffer.concat([Buffer.from("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58", "latin1"), Buffer.from([data.length]), data]);
    const parts = { clientDataJSON: this.#client("webauthn.create", challenge), attestationObject: alone(attestation), authenticatorData: alone(data) };
    return new PublicKeyCredential(id, new AuthenticatorAttestationResponse(parts));
  }

  async get({ publicKey: { challenge, rpId } }) {
    this.#consider();
    const { id, privateKey, userHandle } = this.keys.at(-1);
    const data = this.#data(rpId, 0);
    const clientDataJSON = this.#client("webauthn.get", challenge);
    const signature = sign("sha256", Buffer.concat([data, sha256(Buffer.from(clientDataJSON))]), privateKey);
    const parts = { clientDataJSON, authenticatorData: alone(data), signature: alone(signature), userHandle };
    return new PublicKeyCredential(id, new AuthenticatorAssertionResponse(parts));
  }

  #consider() {
    if (this.fails) throw Object.assign(new Error("The user declined."), { name: this.fails });
  }

  /** Authenticator data up to the counter. */
  #data = (rpId, flags) => Buffer.concat([sha256(rpId), Buffer.from([flags | PRESENT_AND_VERIFIED, 0, 0, 0, 0])]);

  #client(type, challenge) {
    const text = { type, challenge: Buffer.from(challenge).toString("base64url"), origin: this.origin, crossOrigin: false };
    return alone(Buffer.from(JSON.stringify(text)));
  }
}

// Passkeys on the page: the browser's own dialogues, and their JSON; loaded when it is first needed.

import type { Engine } from "./engine.js";
import type { AuthError } from "./errors.js";
import type { Passkey, PasskeyCreation, PasskeySupport } from "./calls.js";
import type { PasskeyRequest } from "./steps.js";

/** Handed in, so that this file and the page have one class. */
type Errors = typeof AuthError;
type Code = AuthError["code"];

/** The answer to request options: from the browser, or what the app has got by itself. */
export async function ask(
  Errors: Errors,
  options: PublicKeyCredentialRequestOptionsJSON,
  given: PasskeyRequest | PublicKeyCredential | AuthenticationResponseJSON = {},
): Promise<object> {
  if ("response" in given) return typeof given.rawId === "string" ? given : toJson(given as PublicKeyCredential);
  const { signal } = given;
  return { ...(await dialogue(Errors, "get", () => toRequest(options), given)), signal };
}

/** Makes a passkey of the signed-in user. */
export async function register(Errors: Errors, engine: Engine, given: PasskeyCreation = {}): Promise<void> {
  const { signal } = given;
  const options = await engine.call<PublicKeyCredentialCreationOptionsJSON>("passkeys.begin", [], signal);
  // The authenticator knows one of `excludeCredentials`.
  await engine.call("passkeys.finish", [await dialogue(Errors, "create", () => toCreation(options), given, "PasskeyExists")], signal);
}

/** Deletes one at the service; the browser, where it can be told whose it was, forgets its half. */
export async function remove(_: Errors, engine: Engine, passkey: string | Passkey, options?: object): Promise<void> {
  const { id = passkey as string, relyingParty: rpId } = passkey as Partial<Passkey>;
  await engine.call("passkeys.delete", [id, options]);
  if (rpId) await api()?.signalUnknownCredential?.({ rpId, credentialId: id }).catch(() => undefined);
}

export async function supported(_: Errors): Promise<PasskeySupport> {
  const passkeys = !!(api() && navigator.credentials);
  const can = async (ask: () => Promise<boolean | undefined> | undefined) => passkeys && !!(await ask());
  return {
    passkeys,
    autofill: await can(() => api()!.isConditionalMediationAvailable?.()).catch(() => false),
    upgrade: await can(async () => (await api()!.getClientCapabilities?.())?.["conditionalCreate"]).catch(() => false),
  };
}

const api = () => globalThis.PublicKeyCredential as Partial<typeof PublicKeyCredential> | undefined;

async function dialogue(Errors: Errors, call: "get" | "create", publicKey: () => object, { mediation, signal }: PasskeyRequest, invalid: Code = "PasskeyUnavailable"): Promise<object> {
  try {
    return toJson((await navigator.credentials[call]({ publicKey: publicKey() as never, ...(mediation && { mediation }), ...(signal && { signal }) })) as PublicKeyCredential);
  } catch (cause) {
    if (signal?.aborted) throw new Errors("Aborted", "the caller gave up", { cause: signal.reason });
    const { name } = cause as Error;
    const codes: Record<string, Code> = { NotAllowedError: "PasskeyCancelled", AbortError: "PasskeyCancelled", InvalidStateError: invalid };
    throw new Errors(codes[name] ?? "PasskeyUnavailable", `the browser answered: ${name}`, { cause });
  }
}

function toRequest(json: PublicKeyCredentialRequestOptionsJSON): PublicKeyCredentialRequestOptions {
  const { challenge, allowCredentials = [] } = json;
  return PublicKeyCredential.parseRequestOptionsFromJSON?.(json) ?? ({ ...json, challenge: toBytes(challenge), allowCredentials: allowCredentials.map(toDescriptor) } as object as PublicKeyCredentialRequestOptions);
}

function toCreation(json: PublicKeyCredentialCreationOptionsJSON): PublicKeyCredentialCreationOptions {
  const { challenge, user, excludeCredentials = [] } = json;
  return (
    PublicKeyCredential.parseCreationOptionsFromJSON?.(json) ??
    ({ ...json, challenge: toBytes(challenge), user: { ...user, id: toBytes(user.id) }, excludeCredentials: excludeCredentials.map(toDescriptor) } as object as PublicKeyCredentialCreationOptions)
  );
}

const toDescriptor = (one: PublicKeyCredentialDescriptorJSON) => ({ ...one, id: toBytes(one.id) });

/** By the platform where it can; not every password manager that stands in for it does. */
function toJson(credential: PublicKeyCredential): object {
  try {
    return credential.toJSON() as object;
  } catch {
    const { id, rawId, type, authenticatorAttachment } = credential;
    const response = credential.response as AuthenticatorAssertionResponse & AuthenticatorAttestationResponse;
    const { clientDataJSON, attestationObject, signature, userHandle } = response;
    const authenticatorData = response.authenticatorData ?? response.getAuthenticatorData?.();
    const buffers = { clientDataJSON, attestationObject, authenticatorData, signature, userHandle, publicKey: response.getPublicKey?.() };
    const texts = Object.entries(buffers).filter(([, bytes]) => bytes?.byteLength).map(([name, bytes]) => [name, toText(bytes!)]);
    const made = response.getTransports && { transports: response.getTransports(), publicKeyAlgorithm: response.getPublicKeyAlgorithm?.() };
    const clientExtensionResults = credential.getClientExtensionResults();
    return { id, rawId: toText(rawId), type, ...(authenticatorAttachment && { authenticatorAttachment }), response: { ...Object.fromEntries(texts), ...made }, clientExtensionResults };
  }
}

/** Base64url, padded or not. */
function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

function toText(bytes: ArrayBuffer): string {
  const letters = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte));
  return btoa(letters.join("")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

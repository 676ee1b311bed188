// The user pool's API as amazon-cognito-identity-js calls it, and the errors that it gives.

import { post } from "../edge.js";
import type { PlainError } from "../engine.js";

export type NodeCallback<Result> = (error: any, result?: any | Result) => void;

/** An error by its name, which is its `code` too: Cognito's own, `NotAuthorizedException`, or `NetworkError`. */
export interface CognitoError extends Error {
  code: string;
}

export const failure = (code: string, message: string): CognitoError => Object.assign(new Error(message), { name: code, code });

const unreachable = () => Object.assign(failure("NetworkError", "Network error"), { name: "Error" });

/** The codes of the core that are no names of Cognito's. */
const OWN = /^(Aborted|EngineFailed|Invalid(Config|Response|State|Token)|NotSignedIn|Unknown|UnsupportedChallenge)$/;

/** What the core rejected with, by the service's names. */
export function toFailure(error: unknown): unknown {
  const { code, message } = error as PlainError;
  if (typeof code !== "string") return error;
  if (/^(Network|Timeout)$/.test(code)) return unreachable();
  // A step that is over, or was never asked.
  if (code === "InvalidState") return failure("NotAuthorizedException", "Invalid session for the user.");
  return failure(OWN.test(code) ? code : `${code}Exception`, message);
}

/** One call at a time of one endpoint. */
export class Client {
  readonly endpoint: string;

  constructor(endpoint: string) {
    this.endpoint = endpoint;
  }

  /** Calls an operation; `params` are its members. */
  request(operation: string, params: object, callback: NodeCallback<Record<string, any>>): void {
    this.promisifyRequest(operation, params).then((reply) => callback(null, reply), (error: unknown) => callback(error));
  }

  /** As {@link request}. Rejects with a {@link CognitoError}. */
  async promisifyRequest(operation: string, params: object): Promise<Record<string, any>> {
    const [text, status, , errorType = "", errorMessage] = await post(this.endpoint, operation, JSON.stringify(params), []).catch(() => {
      throw unreachable();
    });
    const body = objectOf(text);
    if (status === 200) return body;
    const [code] = (errorType || String(body["__type"] ?? body["code"] ?? "UnknownError")).split(":") as [string];
    throw failure(code.replace(/^.*#/, ""), String(body["message"] ?? body["Message"] ?? errorMessage ?? status));
  }
}

function objectOf(text: string): Record<string, any> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

// What a step's page needs of the flow that it belongs to.
import type { SignInAnswer } from "cognito-vault/react";

/** A sign-in, or a sign-up that may go on as one. */
export interface StepFlow {
  readonly pending: boolean;
  readonly error: unknown;
  readonly answer: (answer: SignInAnswer) => Promise<unknown>;
  readonly reset: () => void;
}

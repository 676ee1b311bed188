// Signing in by whichever factor the user has and prefers: any, a passkey alone, or a code alone.
import type { FactorKind } from "cognito-vault";
import { factorWords } from "../choices";
import { Select } from "../components/Select";
import { accountProblem } from "../messages";
import { Way } from "./Way";

const PREFERENCES = { "": "None: let me choose", ...factorWords };
const LEVELS = {
  "": "As it comes",
  "urn:cognito:loa:2": "Two factors",
  "urn:cognito:loa:3": "Two factors, one of them an app",
  "urn:cognito:loa:4": "A passkey",
};

export function Choice() {
  return (
    <Way
      title="Sign in by your choice"
      lead="The pool says which factors your account has. A preferred one is asked for without a choice."
      submit="Continue"
      explain={accountProblem}
      request={(username, entered) => {
        const [prefer, level] = [entered("prefer"), entered("level")];
        return { username, flow: "choice", prefer: prefer === "" ? undefined : (prefer as FactorKind), stepUp: level === "" ? undefined : { acrValues: [level] } };
      }}
    >
      <Select name="prefer" label="Preferred factor" options={PREFERENCES} />
      <Select name="level" label="How sure the pool has to be" options={LEVELS} />
    </Way>
  );
}

export function WithPasskey() {
  return (
    <Way title="Sign in with a passkey" lead="Nothing to remember: the browser or your phone proves that it is you." submit="Continue" explain={accountProblem} request={(username) => ({ username, prefer: "passkey" })} />
  );
}

const CODES = { emailCode: factorWords.emailCode, smsCode: factorWords.smsCode };

export function WithCode() {
  return (
    <Way
      title="Sign in with a code"
      lead="Without a password: we send a code to the address or the number of your account."
      submit="Send the code"
      explain={accountProblem}
      request={(username, entered) => ({ username, prefer: entered("prefer") as FactorKind })}
    >
      <Select name="prefer" label="How it is sent" options={CODES} />
    </Way>
  );
}

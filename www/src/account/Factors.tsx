// What the user can sign in with, which second factors are asked for, and an authenticator app to set up.
import type { MfaPreferences, MfaSettings } from "cognito-vault";
import { useAuth } from "cognito-vault/react";
import { useCallback, useState } from "react";
import { factorWords, inWords, MFA_KINDS, mfaWords } from "../choices";
import { DefinitionList } from "../components/DefinitionList";
import { Form } from "../components/Form";
import { Outcome } from "../components/Outcome";
import { Page } from "../components/Page";
import { Select } from "../components/Select";
import { Waiting } from "../components/Waiting";
import { useCall } from "../useCall";
import { useLoaded } from "../useLoaded";
import { SetUpApp } from "./SetUpApp";

const STATES = { disabled: "Off", enabled: "On", preferred: "On, and asked for first" };

export function Factors() {
  const { factors, mfa } = useAuth();
  const found = useLoaded(useCallback(async () => ({ ...(await factors()), ...(await mfa.preferences()) }), [factors, mfa]));
  const [told, setTold] = useState<string>();
  const saved = () => {
    setTold("Saved.");
    found.again();
  };
  return (
    <Page title="Second factors" lead="What is asked for besides the first factor, where the pool has it so.">
      {found.value === undefined ? (
        <Waiting what="factors" {...found} />
      ) : (
        <>
          <DefinitionList
            entries={[
              ["First factors", inWords(found.value.factors.map((kind) => factorWords[kind]))],
              ["Second factors", inWords(found.value.enabled.map((kind) => mfaWords[kind]))],
              ["Asked for first", found.value.preferred === undefined ? "none" : mfaWords[found.value.preferred]],
            ]}
          />
          <Preferences key={JSON.stringify(found.value)} now={found.value} onSaved={saved} />
        </>
      )}
      <Outcome told={told} />
      <SetUpApp onReady={found.again} />
    </Page>
  );
}

function Preferences({ now, onSaved }: { now: MfaPreferences; onSaved: () => void }) {
  const { mfa } = useAuth();
  const call = useCall();
  const stateOf = (kind: (typeof MFA_KINDS)[number]) => (now.preferred === kind ? "preferred" : now.enabled.includes(kind) ? "enabled" : "disabled");
  const save = async (entered: (name: string) => string) => {
    // Only what differs: a factor that was never set up cannot be named, not even to switch it off.
    const settings = Object.fromEntries(MFA_KINDS.filter((kind) => entered(kind) !== stateOf(kind)).map((kind) => [kind, entered(kind)])) as MfaSettings;
    if (await call.run(() => mfa.setPreferences(settings))) onSaved();
  };
  return (
    <Form submit="Save" pending={call.pending} error={call.error} onSubmit={(entered) => void save(entered)}>
      {MFA_KINDS.map((kind) => <Select key={kind} name={kind} label={mfaWords[kind]} options={STATES} defaultValue={stateOf(kind)} />)}
    </Form>
  );
}

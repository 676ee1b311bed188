// What the pool knows of the user: read, changed, deleted, and an address proven by a code.
import type { Attributes as Values } from "cognito-vault";
import { useAuth } from "cognito-vault/react";
import { useState } from "react";
import { Field } from "../components/Field";
import { Form } from "../components/Form";
import { Outcome } from "../components/Outcome";
import { Page } from "../components/Page";
import { Waiting } from "../components/Waiting";
import { attributeField, sentSentence } from "../messages";
import { useCall } from "../useCall";
import { useLoaded } from "../useLoaded";
import { Verify } from "./Verify";

const EDITED = ["given_name", "family_name", "email", "phone_number", "custom:team"];
const PROVEN = ["email", "phone_number"] as const;

export function Attributes() {
  const { attributes } = useAuth();
  const found = useLoaded(attributes);
  // Here, because the form is made anew from what the pool has.
  const [told, setTold] = useState<string>();
  const saved = (text: string) => {
    setTold(text);
    found.again();
  };
  return (
    <Page title="Attributes" lead="A field that you empty is deleted. The claims follow at the next refresh.">
      {found.value === undefined ? <Waiting what="attributes" {...found} /> : <Edit key={JSON.stringify(found.value)} values={found.value} onSaved={saved} />}
      <Outcome told={told} />
      {found.value && PROVEN.filter((name) => found.value?.[name] && found.value[`${name}_verified`] !== "true").map((name) => (
        <Verify key={`${name} ${found.value?.[name]}`} name={name} address={found.value?.[name] ?? ""} onVerified={() => saved("Verified.")} />
      ))}
    </Page>
  );
}

function Edit({ values, onSaved }: { values: Values; onSaved: (told: string) => void }) {
  const { updateAttributes, deleteAttributes } = useAuth();
  const call = useCall();
  const save = (entered: (name: string) => string) =>
    call.run(async () => {
      const changed = EDITED.filter((name) => entered(name) !== (values[name] ?? ""));
      const [kept, emptied] = [changed.filter((name) => entered(name) !== ""), changed.filter((name) => entered(name) === "")];
      const sent = kept.length === 0 ? [] : await updateAttributes(Object.fromEntries(kept.map((name) => [name, entered(name)])));
      if (emptied.length > 0) await deleteAttributes(emptied);
      onSaved(changed.length === 0 ? "Nothing was changed." : ["Saved.", ...sent.map(sentSentence)].join(" "));
    });
  return (
    <Form submit="Save" pending={call.pending} error={call.error} onSubmit={(entered) => void save(entered)}>
      {EDITED.map((name) => <Field key={name} name={name} required={false} defaultValue={values[name]} {...attributeField(name)} />)}
    </Form>
  );
}

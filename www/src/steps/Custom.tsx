// A question of the pool's own triggers; the text of it is theirs.
import type { CustomStep } from "cognito-vault";
import { DefinitionList } from "../components/DefinitionList";
import { Field } from "../components/Field";
import { Form } from "../components/Form";
import { Page } from "../components/Page";
import type { StepFlow } from "../flow";
import { StartAgain } from "./StartAgain";

export function Custom({ step, flow, again }: { step: CustomStep; flow: StepFlow; again: boolean }) {
  const { question, ...others } = step.parameters;
  const lead = again ? "One more: the next question, or the same one after an answer that was not right." : "The pool asks a question of its own.";
  return (
    <Page title="Answer a question" lead={lead}>
      <DefinitionList entries={Object.entries(others)} />
      <Form submit="Continue" pending={flow.pending} error={flow.error} onSubmit={(entered) => void flow.answer(entered("answer"))}>
        <Field name="answer" label={question ?? "Your answer"} autoComplete="off" autoCapitalize="none" />
      </Form>
      <div className="elsewhere"><StartAgain flow={flow} /></div>
    </Page>
  );
}

// Which second factor is used.
import type { ChooseMfaStep } from "cognito-vault";
import { mfaWords } from "../choices";
import { Choices } from "../components/Choices";
import { Page } from "../components/Page";
import type { StepFlow } from "../flow";
import { StartAgain } from "./StartAgain";

export function ChooseMfa({ step, flow }: { step: ChooseMfaStep; flow: StepFlow }) {
  return (
    <Page title="Choose a second factor" lead="Your account has more than one.">
      <Choices choices={step.choices} words={mfaWords} pending={flow.pending} error={flow.error} onChoose={(choice) => void flow.answer(choice)} />
      <div className="elsewhere"><StartAgain flow={flow} /></div>
    </Page>
  );
}

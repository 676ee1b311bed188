// With what the user signs in, where the pool leaves the choice.
import type { ChooseFactorStep } from "cognito-vault";
import { factorWords } from "../choices";
import { Choices } from "../components/Choices";
import { Page } from "../components/Page";
import type { StepFlow } from "../flow";
import { StartAgain } from "./StartAgain";

export function ChooseFactor({ step, flow }: { step: ChooseFactorStep; flow: StepFlow }) {
  return (
    <Page title="Choose how to sign in" lead="These are the ways that your account has.">
      <Choices choices={step.choices} words={factorWords} pending={flow.pending} error={flow.error} onChoose={(choice) => void flow.answer(choice)} />
      <div className="elsewhere"><StartAgain flow={flow} /></div>
    </Page>
  );
}

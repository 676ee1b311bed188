// The way out of a step: back to the form that began it.
import { Button } from "../components/Button";
import type { StepFlow } from "../flow";

export function StartAgain({ flow }: { flow: StepFlow }) {
  return <Button look="quiet" onClick={flow.reset}>Start again</Button>;
}

// A code that was sent, as the first factor or as the second.
import type { SentCodeStep } from "cognito-vault";
import { CodeField } from "../components/CodeField";
import { Form } from "../components/Form";
import { Mailbox } from "../components/Mailbox";
import { Page } from "../components/Page";
import type { StepFlow } from "../flow";
import { sentSentence } from "../messages";
import { StartAgain } from "./StartAgain";

export function SentCode({ step, flow, username }: { step: SentCodeStep; flow: StepFlow; username: string }) {
  const title = step.name === "smsCode" ? "Enter the code of our text message" : "Enter the code of our e-mail";
  return (
    <Page title={title} lead={`${sentSentence(step.sentTo)} For another code, start again.`}>
      <Form submit="Continue" pending={flow.pending} error={flow.error} onSubmit={(entered) => void flow.answer(entered("code"))}>
        <CodeField />
      </Form>
      <div className="elsewhere"><StartAgain flow={flow} /></div>
      <Mailbox username={() => username} />
    </Page>
  );
}

// Whatever a sign-in asks next, each step a page of its own.
import type { ConfirmStep as SignUpConfirmStep, SignInStep } from "cognito-vault";
import { Fragment, useState } from "react";
import type { StepFlow } from "../flow";
import { ChooseFactor } from "./ChooseFactor";
import { ChooseMfa } from "./ChooseMfa";
import { ConfirmStep } from "./ConfirmStep";
import { Custom } from "./Custom";
import { NewPassword } from "./NewPassword";
import { Passkey } from "./Passkey";
import { PasswordStep } from "./PasswordStep";
import { ResetPassword } from "./ResetPassword";
import { SentCode } from "./SentCode";
import { SetUpMfa } from "./SetUpMfa";
import { Totp } from "./Totp";

interface StepsProps {
  readonly step: SignInStep | SignUpConfirmStep;
  readonly flow: StepFlow;
  /** Whose sign-in it is. */
  readonly username: string;
}

export function Steps({ step, flow, username }: StepsProps) {
  // A step that follows another of its kind is a new page too: nothing that was entered stays, and the focus goes to its beginning.
  const [course, setCourse] = useState({ step, count: 0, before: "" });
  if (course.step !== step) setCourse({ step, count: course.count + 1, before: course.step.name });
  return <Fragment key={course.count}><Step step={step} flow={flow} username={username} again={course.before === step.name} /></Fragment>;
}

function Step({ step, flow, username, again }: StepsProps & { readonly again: boolean }) {
  switch (step.name) {
    case "newPassword":
      return <NewPassword step={step} flow={flow} />;
    case "totp":
      return <Totp step={step} flow={flow} username={username} />;
    case "smsCode":
    case "emailCode":
      return <SentCode step={step} flow={flow} username={username} />;
    case "chooseMfa":
      return <ChooseMfa step={step} flow={flow} />;
    case "setUpMfa":
      return <SetUpMfa step={step} flow={flow} />;
    case "chooseFactor":
      return <ChooseFactor step={step} flow={flow} />;
    case "password":
      return <PasswordStep flow={flow} />;
    case "passkey":
      return <Passkey flow={flow} username={username} />;
    case "custom":
      return <Custom step={step} flow={flow} again={again} />;
    case "confirm":
      return <ConfirmStep step={step} flow={flow} submit="Confirm" />;
    case "confirmSignUp":
      return <ConfirmStep step={step} flow={flow} lead="This account is not confirmed yet." submit="Confirm and sign in" />;
    case "resetPassword":
      return <ResetPassword step={step} flow={flow} lead="Your password has to be reset before you can sign in." onAnswer={(answer) => void flow.answer(answer)} />;
    case "signedIn":
      return null;
  }
}

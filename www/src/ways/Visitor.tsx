// Every page of a visitor, and the links between the ways to sign in.
import type { ReactNode } from "react";
import { Links } from "../components/Links";
import { AwsCredentials } from "../account/AwsCredentials";
import { useWay, WAYS, type Way } from "../route";
import { Choice, WithCode, WithPasskey } from "./Choice";
import { Forgotten } from "./Forgotten";
import { HaveCode } from "./HaveCode";
import { Password, PasswordSent } from "./Password";
import { Questions } from "./Questions";
import { SignUp } from "./SignUp";

const PAGES: Readonly<Record<Way, ReactNode>> = {
  "sign-in": <Password />,
  "sign-in-sent": <PasswordSent />,
  "sign-in-choice": <Choice />,
  "sign-in-passkey": <WithPasskey />,
  "sign-in-code": <WithCode />,
  "sign-in-custom": <Questions />,
  "sign-up": <SignUp key="sign-up" />,
  "sign-up-free": <SignUp key="sign-up-free" free />,
  forgotten: <Forgotten />,
  code: <HaveCode />,
  guest: <AwsCredentials guest />,
};

const SIGN_IN = (Object.entries(WAYS) as [Way, string][]).filter(([way]) => way.startsWith("sign-in"));

export function Visitor() {
  const way = useWay();
  return (
    <>
      <Links label="Ways to sign in" pages={SIGN_IN} here={way} />
      {PAGES[way]}
    </>
  );
}

// Every page of a signed-in user, the links between them, and what the vault asks about this device.
import type { ReactNode } from "react";
import { DeviceQuestion } from "../components/DeviceQuestion";
import { Links } from "../components/Links";
import { ACCOUNT, useAccountPage, type AccountPage } from "../route";
import { Attributes } from "./Attributes";
import { AwsCredentials } from "./AwsCredentials";
import { ChangePassword } from "./ChangePassword";
import { DeleteAccount } from "./DeleteAccount";
import { Devices } from "./Devices";
import { Factors } from "./Factors";
import { Overview } from "./Overview";
import { Passkeys } from "./Passkeys";
import { Sessions } from "./Sessions";

const PAGES: Readonly<Record<AccountPage, ReactNode>> = {
  account: <Overview />,
  attributes: <Attributes />,
  password: <ChangePassword />,
  factors: <Factors />,
  passkeys: <Passkeys />,
  devices: <Devices />,
  sessions: <Sessions />,
  aws: <AwsCredentials />,
  delete: <DeleteAccount />,
};

const ALL = Object.entries(ACCOUNT) as [AccountPage, string][];

export function Account() {
  const page = useAccountPage();
  return (
    <>
      <Links label="Account" pages={ALL} here={page} />
      <DeviceQuestion />
      {PAGES[page]}
    </>
  );
}

// Whether this device is remembered, asked after a sign-in where the pool leaves it to the user; and the reason where it cannot be.
import { useAuth } from "cognito-vault/react";
import { tellOfDevice, useDeviceNews } from "../device";
import { sentence } from "../messages";
import { useCall } from "../useCall";
import { Button } from "./Button";
import { focusHeading } from "./Page";

export function DeviceQuestion() {
  const { devices } = useAuth();
  const { asks, failed } = useDeviceNews();
  const call = useCall();
  const say = async (work: () => Promise<void>) => {
    if (!(await call.run(work))) return;
    tellOfDevice();
    focusHeading();
  };
  return (
    <div role="status" className="device-news">
      {asks && (
        <div className="notice">
          <p><strong>Remember this device?</strong> Then a second factor need not be asked for here again.</p>
          <div className="actions-row">
            <Button look="primary" pending={call.pending} onClick={() => void say(() => devices.remember())}>Remember it</Button>
            <Button pending={call.pending} onClick={() => void say(() => devices.doNotRemember())}>Do not remember it</Button>
          </div>
          {call.error !== undefined && <p className="problem">{sentence(call.error)}</p>}
        </div>
      )}
      {failed !== undefined && <p className="caution">You are signed in, but this device could not be made known to the service ({failed}).</p>}
    </div>
  );
}

// A helper of the demo, not of the product: sets the pool up for the situation that one wants to see, and says who can be in it.
import { useCallback, useContext, useId, useState } from "react";
import { Outcome } from "../components/Outcome";
import { Select } from "../components/Select";
import { Waiting } from "../components/Waiting";
import { control, DemoPool } from "../pool";
import { useCall } from "../useCall";
import { useLoaded } from "../useLoaded";
import { Seeds } from "./Seeds";
import { SWITCHES, valueAt, valueOf, type Settings } from "./switches";

export function Situation() {
  const endpoint = useContext(DemoPool);
  return endpoint === undefined ? null : <Panel endpoint={endpoint} />;
}

function Panel({ endpoint }: { endpoint: string }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <section className="card panel situation" aria-labelledby={id}>
      <h2 id={id}>Situation</h2>
      <p className="quiet">How this demo’s pool is set up, and who is in it. A real pool’s owner decides that.</p>
      <Seeds />
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>Settings of the pool</summary>
        {open && <Switches endpoint={endpoint} />}
      </details>
    </section>
  );
}

function Switches({ endpoint }: { endpoint: string }) {
  const settings = useLoaded(useCallback(() => control<Settings>(endpoint, "settings"), [endpoint]));
  const [changed, setChanged] = useState<Settings>();
  const [told, setTold] = useState<string>();
  const call = useCall();
  const now = changed ?? settings.value;

  const change = (label: string, path: string, value: string, text: string) => {
    setTold(undefined);
    void call.run(async () => {
      setChanged(await control<Settings>(endpoint, "settings", valueOf(path, value)));
      setTold(`${label}: ${text}.`);
    });
  };
  if (now === undefined) return <Waiting what="the settings" {...settings} />;
  return (
    <>
      <div className="switches">
        {SWITCHES.map(({ path, label, options }) => (
          <Select
            key={path}
            name={path}
            label={label}
            options={options}
            value={valueAt(now, path)}
            onChange={(event) => change(label, path, event.target.value, options[event.target.value] ?? "")}
          />
        ))}
      </div>
      <Outcome told={told} error={call.error} />
    </>
  );
}

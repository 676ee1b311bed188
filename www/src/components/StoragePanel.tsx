// What a script on this page can read from the browser's storage: looked up, not claimed.
import { useEffect, useState } from "react";
import { stored, type Place } from "../stored";

const LOOK_EVERY_MS = 1000;

export function StoragePanel() {
  const [places, setPlaces] = useState<readonly Place[]>([]);

  useEffect(() => {
    let wanted = true;
    const look = () => void stored().then((found) => wanted && setPlaces((shown) => (same(shown, found) ? shown : found)));
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, []);

  const count = places.reduce((sum, { keys }) => sum + (keys?.length ?? 0), 0);
  return (
    <section className="card panel" aria-labelledby="stored">
      <h2 id="stored">What is stored here</h2>
      <p className="quiet">{count === 0 ? "Nothing. The tokens live in a worker’s memory, out of this page’s reach." : `${count} found, listed below.`}</p>
      <dl className="facts">
        {places.map(({ name, keys }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{keys === undefined ? "not told by this browser" : keys.length === 0 ? "empty" : keys.join(", ")}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">Looked up every second, as any script on this page could.</p>
    </section>
  );
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

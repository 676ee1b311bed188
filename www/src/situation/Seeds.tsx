// The users that the demo's pool begins with: one for each situation that a sign-in can come into.

const SEEDS: readonly (readonly [name: string, password: string | undefined, what: string])[] = [
  ["ada", "Lovelace-1815", "a password, nothing else"],
  ["grace", "Hopper-1906-tmp", "a temporary password, and a name is still wanted"],
  ["hedy", "Lamarr-1914", "an authenticator app"],
  ["radia", "Perlman-1951", "codes by text message"],
  ["edith", "Clarke-1883!", "codes by e-mail"],
  ["frances", "Spence-1922!", "all three second factors: a choice"],
  ["annie", "Easley-1933", "everything for a sign-in by choice"],
  ["lynn", undefined, "no password: codes only"],
  ["ida", "Rhodes-1900!", "the password has to be reset"],
  ["kay", "McNulty-1921", "an account that was never confirmed"],
  ["alan", "Turing-1912!", "an account that is switched off"],
];

export function Seeds() {
  return (
    <details className="seeds">
      <summary>Ready-made users of the demo</summary>
      <dl>
        {SEEDS.map(([name, password, what]) => (
          <div key={name}>
            <dt>{name} {password && <code>{password}</code>}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">Second factors are asked for once the settings below say so.</p>
    </details>
  );
}

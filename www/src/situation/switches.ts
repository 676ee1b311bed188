// The settings of the demo's pool that make a difference to be seen, by their paths.

export type Settings = Readonly<Record<string, unknown>>;

interface Switch {
  readonly path: string;
  readonly label: string;
  readonly options: Readonly<Record<string, string>>;
}

export const SWITCHES: readonly Switch[] = [
  { path: "mfa.mode", label: "Second factors", options: { off: "off", optional: "asked of who has one", required: "wanted of all" } },
  { path: "devices.tracking", label: "Devices", options: { off: "not remembered", always: "remembered", optIn: "the user is asked" } },
  { path: "devices.challenge", label: "A known device", options: { never: "changes nothing", forMfa: "stands for the second factor", everySignIn: "proves itself always" } },
  { path: "custom.password", label: "Questions", options: { never: "without the password", ifOffered: "after one, if given", required: "after the password" } },
  { path: "choice.unnamed", label: "The choice", options: { false: "is a challenge", true: "comes without a name" } },
  { path: "passkeys.enabled", label: "Passkeys", options: { true: "on", false: "off" } },
  { path: "autoConfirm", label: "A new account", options: { false: "is confirmed by a code", true: "is good at once" } },
  { path: "preventUserExistenceErrors", label: "Unknown users", options: { ENABLED: "look like known ones", LEGACY: "are called unknown" } },
  { path: "tracking.enabled", label: "Sessions", options: { true: "are listed", false: "are not listed" } },
  { path: "plan", label: "Plan", options: { LITE: "Lite", ESSENTIALS: "Essentials", PLUS: "Plus" } },
];

/** What the settings have at a path, as text. */
export function valueAt(settings: Settings, path: string): string {
  return String(path.split(".").reduce<unknown>((at, name) => Object(at)[name], settings));
}

/** Settings that have nothing but this. */
export function valueOf(path: string, text: string): Settings {
  const value: unknown = text === "true" ? true : text === "false" ? false : text;
  return path.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Settings;
}

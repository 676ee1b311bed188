// One user's core, on this page, and what it keeps under the names of amazon-cognito-identity-js.

import { loadCore, type Core, type Said } from "../edge.js";
import type { Ask, VaultConfig } from "../engine.js";
import { FORM } from "../kept.js";
import { toFailure } from "./service.js";
import type { Names } from "./storage.js";
import { CognitoAccessToken, CognitoIdToken, CognitoRefreshToken, CognitoUserSession } from "./values.js";

/** The record of the core without its tokens, which have names of their own. */
interface Note {
  /** The end of the access token that it was written with: another library may have put other tokens there since. */
  readonly of: string;
  readonly v: number;
  readonly revision: number;
  readonly rotates: boolean;
  readonly spent: boolean;
  readonly began: number;
  readonly active: number;
  readonly offset: number;
}

interface Device {
  readonly key: string;
  readonly group: string;
  readonly password: string;
}

const NOTE = "vault";
const NOW = () => Math.floor(Date.now() / 1000);

export class Vault {
  readonly names: Names;
  readonly #config: VaultConfig;
  readonly #wasmUrl: string | undefined;
  readonly #renamed: (username: string) => void;
  #core: Promise<Core> | undefined;
  /** The calls under way, by what makes them fail. */
  readonly #running = new Set<(why: unknown) => void>();
  #closing = false;
  /** The name of the latest sign-in, as it was typed: devices are kept under it too. */
  typed: string;
  /** Whether the pool leaves it to the user whether this device is remembered; of the last sign-in. */
  asksToRemember = false;

  /** `renamed` is told the name that the pool has for whoever signs in, where another was typed. */
  constructor(names: Names, config: VaultConfig, wasmUrl: string | undefined, renamed: (username: string) => void) {
    this.names = names;
    this.typed = names.username;
    this.#config = config;
    this.#wasmUrl = wasmUrl;
    this.#renamed = renamed;
  }

  /** Calls the core, which begins with what is kept. Rejects with a `CognitoError`. */
  async call<T>(method: string, texts: readonly Said[] = [], passwords: readonly string[] = [], contextData?: string): Promise<T> {
    let fail!: (why: unknown) => void;
    const failed = new Promise<never>((_, reject) => (fail = reject));
    this.#running.add(fail);
    try {
      const core = await (this.#core ??= this.#load());
      core.around([undefined, contextData]);
      return (await Promise.race([core.call(method, texts, new AbortController().signal, passwords), failed])) as T;
    } catch (error) {
      throw toFailure(error);
    } finally {
      this.#running.delete(fail);
      if (this.#closing) this.close();
    }
  }

  async #load(): Promise<Core> {
    const crash = () => {
      this.#core = undefined;
      for (const fail of this.#running) fail({ code: "EngineFailed", message: "the core has crashed" });
    };
    try {
      return await loadCore(this.#config, this.#wasmUrl, this.#tell, crash, this.#ask);
    } catch (error) {
      this.#core = undefined; // the next call tries again
      throw error;
    }
  }

  get loaded(): boolean {
    return this.#core !== undefined;
  }

  /** Has the core know what is kept by now. */
  async look(): Promise<void> {
    await this.call("changed");
  }

  /** Once nothing is under way. */
  close(): void {
    this.#closing = this.#running.size > 0;
    if (this.#closing) return;
    void this.#core?.then((core) => core.free(), () => undefined);
    this.#core = undefined;
  }

  /** The session that is kept; nothing where there is none. */
  session(): CognitoUserSession | undefined {
    const [IdToken, AccessToken, RefreshToken] = ["idToken", "accessToken", "refreshToken"].map((name) => this.names.get(name)) as [string, string, string];
    if (!IdToken || !AccessToken) return undefined;
    // Amplify writes milliseconds there, of the opposite sign.
    const drift = this.#note(AccessToken) ? Number.parseInt(this.names.get("clockDrift"), 10) : 0;
    return new CognitoUserSession({
      IdToken: new CognitoIdToken({ IdToken }),
      AccessToken: new CognitoAccessToken({ AccessToken }),
      RefreshToken: new CognitoRefreshToken({ RefreshToken }),
      ClockDrift: drift || 0,
    });
  }

  /** Keeps a session, as if it had just been signed in to. */
  keep(session: CognitoUserSession): void {
    this.#write(session.getIdToken().getJwtToken(), session.getAccessToken().getJwtToken(), session.getRefreshToken().getToken(), session.getClockDrift(), "");
    this.names.last = this.names.username;
  }

  /** Forgets the session, and the device not. */
  forget(): void {
    this.#write("", "", "", 0, "");
    if (this.names.last === this.names.username) this.names.last = null;
  }

  device(): Device {
    const [key, group, password] = ["deviceKey", "deviceGroupKey", "randomPasswordKey"].map((name) => this.names.get(name)) as [string, string, string];
    return { key, group, password };
  }

  keepDevice({ key, group, password }: Device): void {
    for (const username of new Set([this.typed, this.names.username])) this.names.set({ deviceKey: key, deviceGroupKey: group, randomPasswordKey: password }, username);
  }

  #write(idToken: string, accessToken: string, refreshToken: string, drift: number, note: string): void {
    this.names.set({ idToken, accessToken, refreshToken, clockDrift: idToken && String(drift), [NOTE]: note });
  }

  readonly #tell = (_status: unknown, _user: unknown, event: string): void => {
    if (event === "rememberDevice") this.asksToRemember = true;
  };

  readonly #ask: Ask = async (op, text) => {
    switch (op) {
      case "load":
        return this.#record();
      case "save":
        return void this.#save(text!);
      case "clear":
        return void this.forget();
      case "loadDevices": {
        const device = this.device();
        return device.key ? JSON.stringify({ [this.typed]: device }) : undefined;
      }
      case "saveDevices": {
        const [device] = Object.values(JSON.parse(text || "{}") as Record<string, Device>);
        return void this.keepDevice(device ?? { key: "", group: "", password: "" });
      }
    }
  };

  /** The core's record; of a session that amazon-cognito-identity-js has kept, with what it does not say. */
  #record(): string | undefined {
    const session = this.session();
    if (!session) return undefined;
    const [id, access, refresh] = [session.getIdToken(), session.getAccessToken(), session.getRefreshToken()];
    const { of: _, ...note } = this.#note(access.getJwtToken()) ?? newNote(access.getJwtToken(), id.payload["auth_time"]);
    const record = { ...note, id: id.getJwtToken(), access: access.getJwtToken(), ...(refresh.getToken() && { refresh: refresh.getToken() }) };
    return JSON.stringify({ form: FORM, revision: note.revision, record: JSON.stringify(record) });
  }

  #note(access: string): Note | undefined {
    try {
      const note = JSON.parse(this.names.get(NOTE)) as Note;
      return note.of === end(access) ? note : undefined;
    } catch {
      return undefined; // the other library writes none
    }
  }

  #save(text: string): void {
    const { record } = JSON.parse(text) as { record: string };
    const { id, access, refresh = "", ...note } = JSON.parse(record) as Omit<Note, "of"> & { id: string; access: string; refresh?: string };
    const device = this.device();
    const username = String(new CognitoIdToken({ IdToken: id }).payload["cognito:username"]);
    if (username !== this.names.username) {
      this.names.username = username;
      if (device.key) this.keepDevice(device);
      this.#renamed(username);
    }
    // The clock of this machine less the service's, as the core has measured it.
    this.#write(id, access, refresh, 2 ** 31 - note.offset, JSON.stringify({ ...note, of: end(access) } satisfies Note));
    this.names.last = username;
  }
}

const end = (token: string) => token.slice(-16);

/** Of tokens that the core has not written: the same for the same tokens, since a revision tells one writing from another. */
function newNote(access: string, began = NOW()): Note {
  const revision = [...end(access)].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) >>> 0, 0) | 1;
  return { of: end(access), v: 1, revision: revision >>> 0, rotates: false, spent: false, began, active: NOW(), offset: 2 ** 31 };
}

// The record of the devices that the service remembers: one for each user, merged by the vault's script, in a storage of the app's own.

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { answer, openVault, refuse } from "./vault.mjs";

const GROUP = "-group";
/** Names that mean something to an object, or to JSON. */
const ODD = ["__proto__", "constructor", "toString", "hasOwnProperty", "key", "7", 'gr"a\\c\u00e9\n@example.com'];

let vault;
let storage;
/** The devices that sign-ins have named. */
let named;
/** The device that the service makes known to a user who names none. */
let given;
/** The keys that it does not know any more. */
let gone;
let events;
afterEach(() => vault.close());

/** A vault whose storage holds this text of devices, if any; what the `methods` of the storage do comes first. */
async function open(devices, methods = {}) {
  [named, gone, events] = [[], [], []];
  given = (username) => `key of ${username}`;
  storage = {
    devices,
    load: async () => null,
    async save() {},
    async clear() {},
    async loadDevices() {
      await new Promise(setImmediate);
      return this.devices;
    },
    async saveDevices(record) {
      await new Promise(setImmediate);
      this.devices = record;
    },
    ...methods,
  };
  vault = await openVault({ options: { storage, onEvent: (event) => events.push(event) } });
  vault.reply = async (operation, body) => {
    const reply = answer(operation, body, vault);
    if (operation !== "InitiateAuth") return reply;
    const { USERNAME: username, DEVICE_KEY: key } = body.AuthParameters;
    named.push(key);
    if (gone.includes(key)) return refuse("ResourceNotFoundException", "Device does not exist.");
    const whole = await reply.json();
    if (!key && given(username)) whole.AuthenticationResult.NewDeviceMetadata = { DeviceKey: given(username), DeviceGroupKey: GROUP };
    return Response.json(whole);
  };
}

const signIn = (username) => vault.auth.signIn({ username, password: "Lovelace-1815", flow: "password" });
const device = (key) => ({ key, group: GROUP, password: "cGFzc3dvcmQ=" });
const recordOf = (devices) => JSON.stringify(Object.fromEntries(devices));
/** Whose devices are kept, and their keys. */
const kept = () => Object.entries(JSON.parse(storage.devices)).map(([username, { key }]) => [username, key]);
const failures = () => events.filter(({ name }) => name === "storageFailed").map(({ reason }) => reason);

describe("the record of devices", () => {
  test("has each user's by their name, as every version writes it", async () => {
    const others = recordOf([["grace", device("hers")]]);
    await open(others);
    await signIn("ada");
    const { password } = JSON.parse(storage.devices).ada;
    assert.equal(Buffer.from(password, "base64").length, 40);
    assert.equal(storage.devices, `${others.slice(0, -1)},"ada":{"key":"key of ada","group":"${GROUP}","password":"${password}"}}`);
    await signIn("grace");
    await signIn("ada");
    await signIn("Ada");
    assert.deepEqual(named, [undefined, "hers", "key of ada", undefined]);
  });

  test("has users of any name", async () => {
    await open(recordOf([["ada", device("known")]]));
    for (const name of ODD) await signIn(name);
    assert.deepEqual(named, ODD.map(() => undefined), "nobody has a device that nobody made");
    assert.deepEqual(kept().sort(), [["ada", "known"], ...ODD.map((name) => [name, `key of ${name}`])].sort());
    for (const name of ODD) await signIn(name);
    assert.deepEqual(named.slice(ODD.length), ODD.map((name) => `key of ${name}`));
    for (const name of ODD) await vault.auth.devices.forget(`key of ${name}`);
    assert.deepEqual(kept(), [["ada", "known"]]);
    assert.equal({}.key, undefined);
  });

  test("loses the device with the key that is forgotten, and is empty without any", async () => {
    await open(recordOf([["ada", device("one")], ["grace", device("two")]]));
    await signIn("ada");
    await vault.auth.devices.forget("far");
    assert.deepEqual(kept(), [["ada", "one"], ["grace", "two"]]);
    await vault.auth.devices.forget("one");
    assert.deepEqual(kept(), [["grace", "two"]]);
    await vault.auth.devices.forget("two");
    assert.equal(storage.devices, "");
  });

  test("loses the device of a user that the service does not know any more, and no other", async () => {
    await open(recordOf([["ada", device("one")], ["grace", device("two")]]));
    gone = ["one"];
    given = () => undefined;
    await signIn("ada");
    assert.deepEqual([named, kept()], [["one", undefined], [["grace", "two"]]]);
  });

  test("has one device of a user: the newest", async () => {
    await open(recordOf([["ada", device("one")], ["grace", device("two")]]));
    gone = ["one"];
    await signIn("ada");
    assert.deepEqual(kept(), [["grace", "two"], ["ada", "key of ada"]]);
  });

  test("keeps what another engine has kept meanwhile", async () => {
    await open(recordOf([["ada", device("one")]]));
    await signIn("ada");
    storage.devices = recordOf([["ada", device("one")], ["mary", device("hers")]]);
    await signIn("grace");
    await vault.auth.devices.forget("one");
    assert.deepEqual(kept(), [["mary", "hers"], ["grace", "key of grace"]]);
  });

  test("loses nothing of two changes at once", async () => {
    await open(recordOf([["one", device("1")], ["two", device("2")], ["three", device("3")]]));
    const users = ["ada", "grace", "mary"];
    await Promise.all(users.map(signIn));
    assert.deepEqual(kept().slice(3).sort(), users.map((name) => [name, `key of ${name}`]));
    await Promise.all(["1", "2", "key of ada", "key of mary"].map((key) => vault.auth.devices.forget(key)));
    assert.deepEqual(kept(), [["three", "3"], ["grace", "key of grace"]]);
  });

  for (const broken of ["{", "null", "7", '"text"', "[1]", '{"ada":{"key":"k"', '{"ada":null,"grace":7,"mary":"text","joan":{"key":""}}']) {
    test(`is none where it is ${broken}`, async () => {
      await open(broken);
      await signIn("ada");
      await signIn("ada");
      assert.deepEqual([named, kept(), failures()], [[undefined, "key of ada"], [["ada", "key of ada"]], []]);
    });
  }

  test("names no device of another form", async () => {
    for (const odd of [{ key: "k" }, { key: ["k"], group: "g", password: "p" }, { key: "k", group: "g", password: 7 }, ["k"]]) {
      await open(recordOf([["ada", odd]]));
      await signIn("ada");
      assert.deepEqual([named, kept()], [[undefined], [["ada", "key of ada"]]], JSON.stringify(odd));
      vault.close();
    }
  });

  test("is in memory where the app's storage does not keep it", async () => {
    await open(undefined, { loadDevices: undefined, saveDevices: undefined });
    for (const name of ["ada", "grace", "ada", "grace"]) await signIn(name);
    await vault.auth.devices.forget("key of ada");
    for (const name of ["ada", "grace"]) await signIn(name);
    assert.deepEqual(named, [undefined, undefined, "key of ada", "key of grace", undefined, "key of grace"]);
    assert.deepEqual(failures(), []);
  });

  test("is in memory from where the storage fails on, which is told once", async () => {
    for (const method of ["loadDevices", "saveDevices"]) {
      const wiped = [];
      await open(recordOf([["ada", device("one")]]));
      await signIn("ada");
      storage.saveDevices = async (record) => void wiped.push(record);
      storage[method] = async (record) => {
        if (record === "") wiped.push(record);
        throw new TypeError("full");
      };
      for (const name of ["grace", "mary", "ada", "grace", "mary"]) await signIn(name);
      assert.deepEqual(named, ["one", undefined, undefined, "one", "key of grace", "key of mary"]);
      assert.deepEqual([failures(), wiped], [[`${method}: TypeError`], [""]]);
      vault.close();
    }
  });
});

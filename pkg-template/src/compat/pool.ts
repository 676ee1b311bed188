// CognitoUserPool: a user pool and an app client of it.

import type { VaultConfig } from "../engine.js";
import { Client, type NodeCallback } from "./service.js";
import { CookieStorage, MemoryStorage, Names, type ICognitoStorage } from "./storage.js";
import { CognitoUser } from "./user.js";
import type { CognitoUserSession, ICognitoUserAttributeData } from "./values.js";
import { Vault } from "./vault.js";

export type ClientMetadata = Readonly<Record<string, string>>;

export interface ICognitoUserPoolData {
  readonly UserPoolId: string;
  readonly ClientId: string;
  /** Default: the Region's. */
  readonly endpoint?: string | undefined;
  /** Default: this page's memory. */
  readonly Storage?: ICognitoStorage | undefined;
  /** Whether what the page's `AmazonCognitoAdvancedSecurityData` says goes along. Default: true. */
  readonly AdvancedSecurityDataCollectionFlag?: boolean | undefined;
  /** The issuers whose tokens are accepted. Default: the pool's own. */
  readonly issuer?: string | undefined;
  /** Where `cognito_vault.wasm` is. Default: beside this module. */
  readonly wasmUrl?: string | undefined;
}

export interface ISignUpResult {
  readonly user: CognitoUser;
  readonly userConfirmed: boolean;
  readonly userSub: string;
  readonly codeDeliveryDetails: CodeDeliveryDetails;
}

export interface CodeDeliveryDetails {
  readonly AttributeName: string;
  readonly DeliveryMedium: string;
  readonly Destination: string;
}

/** Wraps the callback of every refresh. */
export type WrapRefresh = (callback: NodeCallback<CognitoUserSession>) => NodeCallback<CognitoUserSession>;

declare const AmazonCognitoAdvancedSecurityData: { getData(username: string, userPoolId: string, clientId: string): string } | undefined;

/** Where nothing else is said; one for the page, as its memory is. */
const memory = new MemoryStorage();
/** The vaults of each storage, by pool, client and user: a page may make the same pool and user again for every call. */
const vaults = new Map<ICognitoStorage | string, Map<string, Vault>>();
const placeOf = (storage: ICognitoStorage) => (storage instanceof CookieStorage ? storage.place : storage);

export class CognitoUserPool {
  readonly client: Client;
  readonly storage: ICognitoStorage;
  readonly wrapRefreshSessionCallback: WrapRefresh;
  readonly #data: ICognitoUserPoolData;

  constructor(data: ICognitoUserPoolData, wrapRefreshSessionCallback: WrapRefresh = (callback) => callback) {
    const { UserPoolId, ClientId, endpoint, Storage = memory } = data ?? {};
    if (!UserPoolId || !ClientId) throw new Error("Both UserPoolId and ClientId are required.");
    if (UserPoolId.length > 55 || !/^[\w-]+_[0-9a-zA-Z]+$/.test(UserPoolId)) throw new Error("Invalid UserPoolId format.");
    const [region] = UserPoolId.split("_") as [string];
    this.#data = { ...data };
    this.client = new Client(endpoint ?? `https://cognito-idp.${region}.amazonaws.com${/^cn-/.test(region) ? ".cn" : ""}/`);
    this.storage = Storage;
    this.wrapRefreshSessionCallback = wrapRefreshSessionCallback;
  }

  getUserPoolId(): string {
    return this.#data.UserPoolId;
  }
  /** What comes after the Region. */
  getUserPoolName(): string {
    return this.#data.UserPoolId.replace(/^.*?_/, "");
  }
  getClientId(): string {
    return this.#data.ClientId;
  }

  /** SignUp. */
  signUp(
    username: string,
    password: string,
    userAttributes: readonly ICognitoUserAttributeData[],
    validationData: readonly ICognitoUserAttributeData[] | null,
    callback: NodeCallback<ISignUpResult>,
    clientMetadata?: ClientMetadata,
  ): void {
    const params = {
      ClientId: this.getClientId(),
      Username: username,
      Password: password,
      UserAttributes: userAttributes ?? [],
      ValidationData: validationData ?? [],
      ClientMetadata: clientMetadata,
      UserContextData: this.getUserContextData(username),
    };
    this.client.request("SignUp", params, (error, reply) => {
      if (error) return callback(error, null);
      const user = new CognitoUser({ Username: username, Pool: this, Storage: this.storage });
      callback(null, { user, userConfirmed: reply.UserConfirmed, userSub: reply.UserSub, codeDeliveryDetails: reply.CodeDeliveryDetails });
    });
  }

  /** Who signed in last in this storage. */
  getCurrentUser(): CognitoUser | null {
    const { last } = new Names(this.storage, this.getClientId(), "");
    return last ? new CognitoUser({ Username: last, Pool: this, Storage: this.storage }) : null;
  }

  getUserContextData(username: string): { readonly EncodedData?: string } | undefined {
    if (this.#data.AdvancedSecurityDataCollectionFlag === false || typeof AmazonCognitoAdvancedSecurityData === "undefined") return undefined;
    const EncodedData = AmazonCognitoAdvancedSecurityData.getData(username, this.getUserPoolId(), this.getClientId());
    return EncodedData ? { EncodedData } : {};
  }

  /** Ends what runs for this pool's users; their sessions stay where they are kept. Not of amazon-cognito-identity-js. */
  close(): void {
    const mine = vaults.get(placeOf(this.storage));
    for (const [place, vault] of mine ?? []) {
      if (!place.startsWith(this.#place(""))) continue;
      vault.close();
      mine!.delete(place);
    }
  }

  /** @internal */
  vaultOf(username: string, storage: ICognitoStorage): Vault {
    let all = vaults.get(placeOf(storage));
    if (!all) vaults.set(placeOf(storage), (all = new Map()));
    const held = all.get(this.#place(username));
    if (held) return held;
    const { UserPoolId, ClientId, endpoint, issuer, wasmUrl } = this.#data;
    const config: VaultConfig = { userPoolId: UserPoolId, clientId: ClientId, endpoint, issuers: issuer === undefined ? undefined : [issuer], apiOrigins: [], apiToken: "access", tokens: "sealed", storage: "page" };
    const vault: Vault = new Vault(new Names(storage, ClientId, username), config, wasmUrl, (name) => {
      all.delete(this.#place(username));
      all.get(this.#place(name))?.close();
      all.set(this.#place(name), vault);
    });
    all.set(this.#place(username), vault);
    return vault;
  }

  readonly #place = (username: string) => JSON.stringify([this.getUserPoolId(), this.getClientId(), this.client.endpoint]) + username;
}

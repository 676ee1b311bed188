// The values of amazon-cognito-identity-js: what a sign-in is given, attributes, tokens and the session of them.

export interface IAuthenticationDetailsData {
  readonly Username: string;
  readonly Password?: string | undefined;
  readonly ValidationData?: Readonly<Record<string, string>> | undefined;
  readonly AuthParameters?: Readonly<Record<string, string>> | undefined;
  readonly ClientMetadata?: Readonly<Record<string, string>> | undefined;
}

export class AuthenticationDetails {
  readonly #data: IAuthenticationDetailsData;
  constructor(data: IAuthenticationDetailsData) {
    this.#data = data;
  }
  getUsername(): string {
    return this.#data.Username;
  }
  getPassword(): string | undefined {
    return this.#data.Password;
  }
  getValidationData(): Readonly<Record<string, string>> {
    return this.#data.ValidationData ?? {};
  }
  getAuthParameters(): Readonly<Record<string, string>> {
    return this.#data.AuthParameters ?? {};
  }
  getClientMetadata(): Readonly<Record<string, string>> {
    return this.#data.ClientMetadata ?? {};
  }
}

export interface ICognitoUserAttributeData {
  Name: string;
  Value: string;
}

export class CognitoUserAttribute implements ICognitoUserAttributeData {
  Name: string;
  Value: string;
  constructor({ Name = "", Value = "" }: Partial<ICognitoUserAttributeData> = {}) {
    this.Name = Name;
    this.Value = Value;
  }
  getName(): string {
    return this.Name;
  }
  setName(name: string): this {
    this.Name = name;
    return this;
  }
  getValue(): string {
    return this.Value;
  }
  setValue(value: string): this {
    this.Value = value;
    return this;
  }
  toString(): string {
    return JSON.stringify(this);
  }
  toJSON(): ICognitoUserAttributeData {
    return { Name: this.Name, Value: this.Value };
  }
}

class CognitoJwtToken {
  /** The claims; none of a text that is no token. */
  payload: Record<string, any>;
  readonly #token: string;
  constructor(token = "") {
    this.#token = token;
    this.payload = this.decodePayload();
  }
  getJwtToken(): string {
    return this.#token;
  }
  /** Seconds since 1970. */
  getExpiration(): number {
    return this.payload["exp"];
  }
  /** Seconds since 1970. */
  getIssuedAt(): number {
    return this.payload["iat"];
  }
  decodePayload(): Record<string, any> {
    try {
      const [, payload] = this.#token.split(".");
      const bytes = Uint8Array.from(atob(payload!.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
      return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, any>;
    } catch {
      return {};
    }
  }
}

export class CognitoIdToken extends CognitoJwtToken {
  constructor({ IdToken }: { readonly IdToken?: string } = {}) {
    super(IdToken);
  }
}

export class CognitoAccessToken extends CognitoJwtToken {
  constructor({ AccessToken }: { readonly AccessToken?: string } = {}) {
    super(AccessToken);
  }
}

export class CognitoRefreshToken {
  readonly #token: string;
  constructor({ RefreshToken = "" }: { readonly RefreshToken?: string } = {}) {
    this.#token = RefreshToken;
  }
  getToken(): string {
    return this.#token;
  }
}

export interface ICognitoUserSessionData {
  readonly IdToken: CognitoIdToken;
  readonly AccessToken: CognitoAccessToken;
  readonly RefreshToken?: CognitoRefreshToken | undefined;
  /** This machine's clock less the service's, in seconds; without it, as if the tokens were issued now. */
  readonly ClockDrift?: number | undefined;
}

export class CognitoUserSession {
  readonly #data: ICognitoUserSessionData;
  readonly #drift: number;
  constructor(data: ICognitoUserSessionData) {
    if (!data?.IdToken || !data.AccessToken) throw new Error("Id token and Access Token must be present.");
    this.#data = data;
    this.#drift = data.ClockDrift ?? this.calculateClockDrift();
  }
  getIdToken(): CognitoIdToken {
    return this.#data.IdToken;
  }
  getAccessToken(): CognitoAccessToken {
    return this.#data.AccessToken;
  }
  getRefreshToken(): CognitoRefreshToken {
    return this.#data.RefreshToken ?? new CognitoRefreshToken();
  }
  getClockDrift(): number {
    return this.#drift;
  }
  calculateClockDrift(): number {
    return now() - Math.min(this.#data.AccessToken.getIssuedAt(), this.#data.IdToken.getIssuedAt());
  }
  /** Whether neither token is over yet. */
  isValid(): boolean {
    const adjusted = now() - this.#drift;
    return adjusted < this.#data.AccessToken.getExpiration() && adjusted < this.#data.IdToken.getExpiration();
  }
}

const now = () => Math.floor(Date.now() / 1000);

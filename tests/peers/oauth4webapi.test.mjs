// oauth4webapi as a client of our pool's hosted side: what it does rightly, the pool takes, and what the pool gives, it finds valid.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import * as oauth from "oauth4webapi";
import { startPool } from "../e2e/support/pool.mjs";

const CALLBACK = "http://127.0.0.1:5005/callback";
const HOME = "http://127.0.0.1:5005/";
const settings = { hosted: { clients: { "1vault2demo3client4app5id6": { callbackUrls: [CALLBACK], logoutUrls: [HOME] } } } };
const SCOPE = "openid email aws.cognito.signin.user.admin";
// The pool is on this machine, where no TLS is needed.
const http = { [oauth.allowInsecureRequests]: true };

/** A browser without a window: it keeps cookies, follows redirects within the pool, and sends forms. */
class Browser {
  cookies = new Map();

  constructor(pool) {
    this.pool = pool;
  }

  /** Goes on until a page comes, or an address outside of the pool. */
  async go(address, body) {
    const url = new URL(address, this.pool.url);
    if (url.origin !== this.pool.url) return { url };
    const cookie = [...this.cookies].map((pair) => pair.join("=")).join("; ");
    const reply = await fetch(url, { method: body ? "POST" : "GET", headers: { cookie }, body, redirect: "manual" });
    for (const set of reply.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      this.cookies.set(name, value);
    }
    const location = reply.headers.get("location");
    return location ? this.go(location) : { url, status: reply.status, html: await reply.text() };
  }

  /** Sends the first form of a page, hidden fields as they are. */
  submit({ html }, fields) {
    const [form] = /<form [^]*?<\/form>/.exec(html);
    const text = (escaped) => escaped.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
    const attribute = (tag, name) => text(new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1] ?? "");
    const hidden = [...form.matchAll(/<input type="hidden"[^>]*>/g)].map(([tag]) => [attribute(tag, "name"), attribute(tag, "value")]);
    return this.go(attribute(form, "action"), new URLSearchParams([...hidden, ...Object.entries(fields)]));
  }
}

describe("oauth4webapi against our pool", () => {
  let pool;
  let server;
  let client;
  before(async () => void (pool = await startPool({ demo: true, settings })));
  beforeEach(async () => {
    await pool.reset();
    client = { client_id: pool.clientId };
    const issuer = new URL(pool.issuer);
    server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http));
  });
  after(() => pool?.close());

  /** An attempt: where it begins, and what the client has to remember. */
  async function attempt(more = {}) {
    const kept = { verifier: oauth.generateRandomCodeVerifier(), state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce() };
    const url = new URL(server.authorization_endpoint);
    url.search = new URLSearchParams({
      response_type: "code",
      client_id: client.client_id,
      redirect_uri: CALLBACK,
      scope: SCOPE,
      state: kept.state,
      nonce: kept.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(kept.verifier),
      code_challenge_method: "S256",
      ...more,
    });
    return { url, ...kept };
  }

  const request = (callback, { verifier }) =>
    oauth.authorizationCodeGrantRequest(server, client, oauth.None(), callback, CALLBACK, verifier, http);

  /** The code for tokens, with everything checked: state, `iss`, `aud`, `exp`, `nonce`, and the signature by the published keys. */
  async function exchange(landing, kept) {
    const callback = oauth.validateAuthResponse(server, client, landing, kept.state);
    const reply = await request(callback, kept);
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, reply, { expectedNonce: kept.nonce, requireIdToken: true });
    await oauth.validateApplicationLevelSignature(server, reply, http);
    return tokens;
  }

  async function signIn(browser, kept) {
    const page = await browser.go(kept.url);
    const { url } = await browser.submit(page, { username: "ada", password: "Lovelace-1815" });
    assert.equal(url.origin + url.pathname, CALLBACK);
    return url;
  }

  test("completes the course by password, and finds every token valid", async () => {
    const kept = await attempt();
    const tokens = await exchange(await signIn(new Browser(pool), kept), kept);
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    assert.equal(claims["cognito:username"], "ada");
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(tokens.access_token));
    assert.equal(claims.at_hash, Buffer.from(digest).subarray(0, 16).toString("base64url"));
    const info = await oauth.userInfoRequest(server, client, tokens.access_token, http);
    const user = await oauth.processUserInfoResponse(server, client, claims.sub, info);
    assert.equal(user.email, "ada@example.com");
    assert.equal((await fetch(`${pool.url}/api/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } })).status, 200);
    assert.equal(await pool.count("/oauth2/token"), 1);
  });

  test("completes the course by the provider that agrees", async () => {
    const browser = new Browser(pool);
    const kept = await attempt({ identity_provider: "Agreeing" });
    const { url } = await browser.submit(await browser.go(kept.url), { username: "mary", answer: "agree" });
    const claims = oauth.getValidatedIdTokenClaims(await exchange(url, kept));
    assert.deepEqual(claims.identities.map(({ providerName, userId }) => [providerName, userId]), [["Agreeing", "mary"]]);
  });

  test("is told who refuses, who cancels and who is not signed in", async () => {
    const told = async (more, fields) => {
      const browser = new Browser(pool);
      const kept = await attempt(more);
      const page = await browser.go(kept.url);
      const { url } = fields ? await browser.submit(page, fields) : page;
      let error;
      assert.throws(() => oauth.validateAuthResponse(server, client, url, kept.state), (thrown) => ((error = thrown), true));
      assert.ok(error instanceof oauth.AuthorizationResponseError);
      return error.error;
    };
    assert.equal(await told({ identity_provider: "Refusing" }, { answer: "agree" }), "invalid_request");
    assert.equal(await told({ idp_identifier: "agreeing.example" }, { answer: "cancel" }), "access_denied");
    assert.equal(await told({ prompt: "none" }), "login_required");
    assert.equal(await told({ scope: "openid other" }), "invalid_scope");
  });

  test("is asked nothing the second time", async () => {
    const browser = new Browser(pool);
    await signIn(browser, await attempt());
    const again = await attempt({ prompt: "none" });
    const { url } = await browser.go(again.url);
    assert.ok((await exchange(url, again)).access_token);
    const signOut = new URL(server.end_session_endpoint);
    signOut.search = new URLSearchParams({ client_id: client.client_id, logout_uri: HOME });
    assert.equal((await browser.go(signOut)).url.href, HOME);
    const { url: refused } = await browser.go((await attempt({ prompt: "none" })).url);
    assert.equal(refused.searchParams.get("error"), "login_required");
  });

  test("cannot use a code with another verifier, twice or too late", async () => {
    const refused = async (callback, kept) => {
      const reply = await request(callback, kept);
      await assert.rejects(oauth.processAuthorizationCodeResponse(server, client, reply), { error: "invalid_grant" });
    };
    const kept = await attempt();
    const callback = oauth.validateAuthResponse(server, client, await signIn(new Browser(pool), kept), kept.state);
    await refused(callback, await attempt());
    const second = await attempt();
    const landing = await signIn(new Browser(pool), second);
    const tokens = await exchange(landing, second);
    await refused(oauth.validateAuthResponse(server, client, landing, second.state), second);
    const reply = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), tokens.refresh_token, http);
    await assert.rejects(oauth.processRefreshTokenResponse(server, client, reply), { error: "invalid_grant" });
    const third = await attempt();
    const late = oauth.validateAuthResponse(server, client, await signIn(new Browser(pool), third), third.state);
    await pool.advance(300);
    await refused(late, third);
  });

  test("refreshes, with rotation too, and revokes", async () => {
    const kept = await attempt();
    const first = await exchange(await signIn(new Browser(pool), kept), kept);
    const refresh = async (token) => {
      const reply = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), token, http);
      return oauth.processRefreshTokenResponse(server, client, reply);
    };
    assert.equal((await refresh(first.refresh_token)).refresh_token, undefined);
    await pool.settings({ rotation: { enabled: true, graceSeconds: 0 } });
    const second = await refresh(first.refresh_token);
    const reply = await oauth.revocationRequest(server, client, oauth.None(), second.refresh_token, http);
    await oauth.processRevocationResponse(reply);
    await assert.rejects(refresh(second.refresh_token), { error: "invalid_grant" });
    const info = await oauth.userInfoRequest(server, client, second.access_token, http);
    await assert.rejects(oauth.processUserInfoResponse(server, client, oauth.skipSubjectCheck, info), oauth.WWWAuthenticateChallengeError);
  });
});

// What an authenticator app is given: the secret to type in, and the address that opens the app where there is one.
export function Secret({ secret, otpauthUri }: { secret: string; otpauthUri: string }) {
  return (
    <div className="secret">
      <p>Add an account in your authenticator app, by this key:</p>
      <p><code data-testid="secret">{secret.match(/.{1,4}/g)?.join(" ")}</code></p>
      <p><a href={otpauthUri}>Open in an app on this device</a></p>
    </div>
  );
}

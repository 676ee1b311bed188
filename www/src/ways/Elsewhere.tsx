// What a visitor may want who does not sign in.
export function Elsewhere() {
  return (
    <nav className="elsewhere" aria-label="Without signing in">
      <p>New here? <a href="#/sign-up">Create an account</a></p>
      <p>Been sent a code? <a href="#/code">Enter your code</a></p>
      <p><a href="#/forgotten">Forgotten your password?</a></p>
      <p><a href="#/guest">AWS credentials of a guest</a></p>
    </nav>
  );
}

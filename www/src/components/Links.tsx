// Links to the pages of one part of the demo; the one that is shown is marked.
export function Links<Name extends string>({ label, pages, here }: { label: string; pages: readonly (readonly [name: Name, text: string])[]; here: Name }) {
  return (
    <nav className="links" aria-label={label}>
      <ul>
        {pages.map(([name, text]) => (
          <li key={name}><a href={`#/${name}`} aria-current={name === here ? "page" : undefined}>{text}</a></li>
        ))}
      </ul>
    </nav>
  );
}

// Names and their values, as a list that reads well on a narrow screen.
export function DefinitionList({ entries }: { entries: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl className="facts">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

// The place of a page that is not there yet.
export function Loading() {
  return (
    <div className="card loading">
      <p role="status">Starting the vault…</p>
      <div className="bone" />
      <div className="bone" />
      <div className="bone short" />
    </div>
  );
}

// An address that leads to the page of the person.
import { Link } from '@tanstack/react-router';

export function PersonLink({ connection, email }: { readonly connection: string; readonly email: string | null }) {
  if (email === null || email === '') return <span className="dim">(no address)</span>;
  return (
    <Link to="/people/$connection/$email" params={{ connection, email }}>
      {email}
    </Link>
  );
}

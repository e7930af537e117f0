// A link that looks like a button, for going somewhere rather than doing something.
import { Button } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes } from 'react';

export const LinkButton = createLink((props: AnchorHTMLAttributes<HTMLAnchorElement>) => (
  <Button component="a" {...(props as object)} />
));

// Reading and acting through the query cache: what is read is kept by call and input; what is done makes the calls it touches read anew.
import {
  keepPreviousData,
  MutationCache,
  QueryCache,
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { Reply } from '../../src/api/contract/contract.ts';
import type { RouteId } from '../../src/api/contract/routes.table.ts';
import { CallFailed, call, type Input } from './client.ts';
import { sessionEnded } from './session-state.ts';

const noticeEnd = (error: Error): void => {
  if (error instanceof CallFailed && error.code === 'not-logged-in') sessionEnded();
};

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEnd }),
  mutationCache: new MutationCache({ onError: noticeEnd }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the server refused is not asked again by itself; what never arrived is.
      retry: (failures, error) => failures < 2 && error instanceof CallFailed && error.code === 'offline',
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

interface ReadOptions {
  readonly enabled?: boolean;
  /** Milliseconds. */
  readonly every?: number;
}

/** Reads; while the input changes the former answer stays on the screen, so that nothing jumps. */
export function useRead<K extends RouteId>(id: K, input: Input<K>, { enabled = true, every }: ReadOptions = {}) {
  return useQuery<Reply<K>>({
    queryKey: [id, input],
    queryFn: ({ signal }) => call(id, input, signal),
    placeholderData: keepPreviousData as never,
    enabled,
    ...(every === undefined ? {} : { refetchInterval: every }),
  });
}

type PagedId = { [K in RouteId]: Reply<K> extends { items: unknown[]; next: string | null } ? K : never }[RouteId];
type Item<K extends PagedId> = Reply<K> extends { items: (infer T)[] } ? T : never;

/** Reads a list page by page, as the server cuts it. */
export function usePages<K extends PagedId>(id: K, input: Input<K>, enabled = true) {
  const query = useInfiniteQuery({
    queryKey: [id, 'pages', input],
    queryFn: ({ pageParam, signal }) => {
      const asked = input as { readonly query?: object };
      const page = { ...asked, query: { ...asked.query, ...(pageParam === null ? {} : { cursor: pageParam }) } };
      return call(id, page as unknown as Input<K>, signal) as Promise<{ items: Item<K>[]; next: string | null }>;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    enabled,
  });
  return { ...query, items: query.data?.pages.flatMap(({ items }) => items) ?? null, first: query.data?.pages[0] };
}

/** Does something, then reads anew whatever the named calls had shown. */
export function useAct<K extends RouteId>(id: K, touches: readonly RouteId[] = []) {
  const client = useQueryClient();
  return useMutation<Reply<K>, Error, Input<K>>({
    mutationFn: (input) => call(id, input),
    onSuccess: () =>
      Promise.all(touches.map((touched) => client.invalidateQueries({ queryKey: [touched] }))).then(() => undefined),
  });
}

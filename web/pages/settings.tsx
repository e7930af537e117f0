// How this installation is set up. Read only: it is set by the configuration file and the command line.
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client.ts';
import { useRead } from '../api/queries.ts';
import { Moment } from '../parts/moment.tsx';
import { Card, Failed, Page, Read } from '../parts/page.tsx';
import { Sheet } from '../parts/sheet.tsx';

export function Settings() {
  const settings = useRead('getSettings', {});
  return (
    <Page title="Installation" lead="Set by the configuration file and the command line of this installation.">
      <Card title="This service">
        <Read of={settings} data={settings.data}>
          {(of) => (
            <dl className="pairs">
              <dt>Version</dt>
              <dd>
                Lockstep {of.version} on Node {of.node}
              </dd>
              <dt>Database</dt>
              <dd className="code">{of.database}</dd>
              <dt>Configuration file</dt>
              <dd className="code">{of.configFile ?? 'none'}</dd>
              <dt>Address</dt>
              <dd className="code">{of.address}</dd>
              <dt>Running since</dt>
              <dd>
                <Moment at={of.startedAt} />
              </dd>
              <dt>Connections to private addresses</dt>
              <dd>{of.privateAddresses ? 'allowed' : 'refused: a connection cannot be pointed inside the network'}</dd>
              <dt>Mail for alerts</dt>
              <dd>{of.mail ?? 'not set up: alerts go to webhooks only'}</dd>
            </dl>
          )}
        </Read>
      </Card>
      <ExportCard />
    </Page>
  );
}

function ExportCard() {
  const client = useQueryClient();
  const [yaml, setYaml] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const show = async (): Promise<void> => {
    try {
      setError(null);
      setYaml(
        (await client.fetchQuery({ queryKey: ['exportConfig'], queryFn: () => call('exportConfig', {}), staleTime: 0 }))
          .yaml,
      );
    } catch (reason) {
      setError(reason as Error);
    }
  };
  return (
    <Card
      title="Everything as a configuration file"
      actions={
        <Button variant="default" onClick={() => void show()}>
          Show it
        </Button>
      }
    >
      <p className="dim">
        All connections, also those edited here. Secrets are never part of it: names of environment variables stand in
        their place.
      </p>
      <Failed of={error} />
      {yaml !== null && <Sheet label="Configuration file" text={yaml} />}
    </Card>
  );
}

// Inputs of the editor, each bound to a place in the settings.
import { Checkbox, Radio, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSetting } from './editor-context.tsx';

interface SettingProps {
  readonly path: string;
  readonly label: string;
  readonly description?: ReactNode;
}

export function TextSetting({
  path,
  label,
  description,
  placeholder,
}: SettingProps & { readonly placeholder?: string }) {
  const { own, value, set, problem } = useSetting<string>(path);
  return (
    <TextInput
      label={label}
      description={description}
      placeholder={
        placeholder ?? (own === undefined && value !== undefined && value !== null ? String(value) : undefined)
      }
      value={own ?? ''}
      error={problem}
      onChange={({ currentTarget }) => set(currentTarget.value === '' ? undefined : currentTarget.value)}
    />
  );
}

export function SwitchSetting({ path, label, description }: SettingProps) {
  const { value, set } = useSetting<boolean>(path);
  return (
    <Switch
      label={label}
      description={description}
      checked={value === true}
      onChange={({ currentTarget }) => set(currentTarget.checked)}
    />
  );
}

export function CheckSetting({ path, label, description }: SettingProps) {
  const { value, set } = useSetting<boolean>(path);
  return (
    <Checkbox
      label={label}
      description={description}
      checked={value === true}
      onChange={({ currentTarget }) => set(currentTarget.checked)}
    />
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
  /** What it means, by example. */
  readonly means?: string;
}

export function ChoiceSetting({
  path,
  label,
  description,
  options,
}: SettingProps & { readonly options: readonly Option[] }) {
  const { value, set, problem } = useSetting<string>(path);
  return (
    <Radio.Group label={label} description={description} value={value ?? null} onChange={set} error={problem}>
      <div className="stack choices">
        {options.map((option) => (
          <Radio key={option.value} value={option.value} label={option.label} description={option.means} />
        ))}
      </div>
    </Radio.Group>
  );
}

export function SelectSetting({
  path,
  label,
  description,
  options,
}: SettingProps & { readonly options: readonly Option[] }) {
  const { value, set, problem } = useSetting<string>(path);
  const chosen = options.find((option) => option.value === value);
  return (
    <Select
      label={label}
      description={chosen?.means ?? description}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      allowDeselect={false}
      placeholder="Choose"
      data={options.map(({ value: each, label: text }) => ({ value: each, label: text }))}
      value={value ?? null}
      error={problem}
      onChange={(next) => set(next ?? undefined)}
    />
  );
}

export function WordsSetting({ path, label, description }: SettingProps) {
  const { value, set, problem } = useSetting<readonly string[]>(path);
  return (
    <TagsInput
      label={label}
      description={description}
      placeholder="Type and press Enter"
      value={[...(value ?? [])]}
      error={problem}
      onChange={(next) => set(next.length === 0 ? undefined : next)}
    />
  );
}

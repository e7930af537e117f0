// Inputs of the editor, each bound to a place in the settings.
import { Autocomplete, Checkbox, Radio, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSetting } from './editor-context.tsx';

interface SettingProps {
  readonly path: string;
  readonly label: string;
  readonly description?: ReactNode;
}

interface TextProps extends SettingProps {
  readonly placeholder?: string;
  readonly suggestions?: readonly string[];
}

export function TextSetting({ path, label, description, placeholder, suggestions }: TextProps) {
  const { own, value, set, problem } = useSetting<string>(path);
  const byDefault = own === undefined && value !== undefined && value !== null ? String(value) : undefined;
  const shared = { label, description, placeholder: placeholder ?? byDefault, value: own ?? '', error: problem };
  const change = (text: string): void => set(text === '' ? undefined : text);
  return suggestions === undefined ? (
    <TextInput {...shared} onChange={({ currentTarget }) => change(currentTarget.value)} />
  ) : (
    <Autocomplete {...shared} data={[...new Set(suggestions)]} onChange={change} />
  );
}

/** A yes or no, as one of two controls that look different and do the same. */
function onOff(Control: typeof Switch | typeof Checkbox) {
  return function OnOffSetting({ path, label, description }: SettingProps) {
    const { value, set } = useSetting<boolean>(path);
    return (
      <Control
        label={label}
        description={description}
        checked={value === true}
        onChange={({ currentTarget }) => set(currentTarget.checked)}
      />
    );
  };
}
export const SwitchSetting = onOff(Switch);
export const CheckSetting = onOff(Checkbox);

export interface Option {
  readonly value: string;
  readonly label: string;
  /** What it means, by example. */
  readonly means?: string;
}

interface OptionProps extends SettingProps {
  readonly options: readonly Option[];
}

export function ChoiceSetting({ path, label, description, options }: OptionProps) {
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

export function SelectSetting({ path, label, description, options }: OptionProps) {
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

interface WordsProps extends SettingProps {
  readonly suggestions?: readonly string[];
}

export function WordsSetting({ path, label, description, suggestions = [] }: WordsProps) {
  const { value, set, problem } = useSetting<readonly string[]>(path);
  return (
    <TagsInput
      label={label}
      description={description}
      placeholder="Type and press Enter"
      data={[...new Set(suggestions)]}
      value={[...(value ?? [])]}
      error={problem}
      onChange={(next) => set(next.length === 0 ? undefined : next)}
    />
  );
}

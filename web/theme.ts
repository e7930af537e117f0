// Colours and defaults of the component library: chosen so that every text keeps a contrast of 4.5 to 1 in light and dark.
import { type CSSVariablesResolver, createTheme } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 8, dark: 8 },
  colors: {
    dark: [
      '#d8dfe4',
      '#a9b4bd',
      '#8d98a1',
      '#6a7680',
      '#3b474f',
      '#2c363d',
      '#212a31',
      '#1b2227',
      '#14191d',
      '#0f1316',
    ],
    petrol: [
      '#e6f6f7',
      '#cfeaec',
      '#9fd5d9',
      '#6bbec5',
      '#43abb4',
      '#2a9fa9',
      '#18848e',
      '#0f727b',
      '#0b5f68',
      '#064b53',
    ],
  },
  fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#56606b',
    '--mantine-color-body': '#f7f9fa',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#0b5f68',
    '--mantine-color-placeholder': '#667078',
  },
  dark: {
    '--mantine-color-dimmed': '#a9b4bd',
    '--mantine-color-body': '#14191d',
    '--mantine-color-error': '#ff9d94',
    '--mantine-color-anchor': '#6fcbd3',
    '--mantine-color-placeholder': '#929ca4',
  },
});

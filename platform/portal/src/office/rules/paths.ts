/** API paths of the dated data. */
import { providerApi } from "../data.ts";

export const PRICES = providerApi("/prices");
export const BOOKS = providerApi("/price-books");
export const TERMS = providerApi("/terms");
export const TAX = providerApi("/tax-rates");
export const STATUTORY = providerApi("/statutory-rates");
export const CALENDARS = providerApi("/calendars");
export const SETTINGS = providerApi("/settings");
export const OFFERING = providerApi("/offering");
export const WAIVERS = providerApi("/waivers");
export const HISTORY = providerApi("/terms-history");

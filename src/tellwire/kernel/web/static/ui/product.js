// What the application is called, as its page was served: the tab's title before any page has changed it.
export const PRODUCT = document.title;

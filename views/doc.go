// Package views turns values into pages and fragments.
//
// A page is a whole document (RoomPage). A component is a noun (Message, Composer), rendered in pages
// and sent alone by the same code. noscript_* is for browsers without JavaScript: documents in iframes,
// some of which never end. Views receive all values and fetch nothing. What people wrote may become
// text, form values and link targets, but never hx-*, style, src or event handlers.
package views

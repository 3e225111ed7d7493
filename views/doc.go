// Package views turns values into pages and fragments.
//
// A page is a whole document (RoomPage), a component is a noun (Message, Composer), and a page
// calls the components that are also sent alone. Views receive everything ready and fetch nothing.
// What people wrote goes into text and into href only, never into hx-*, style, src or handlers.
package views

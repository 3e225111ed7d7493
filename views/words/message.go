package words

// Detail is for the page of one message.
type Detail struct {
	Title, In, With              string // In: of a group; With: of a room with a friend
	Reactions, Another, React    string
	Reply, CopyLink, LinkTo      string
	Copied                       string // said by a script
	Gone                         string // of a message that somebody wants to change
	Edit, Text, EditHint, Save   string
	Editing, TheEdit             string // TheEdit follows "Cancel"
	Delete, DeleteHint, DeleteIt string
	LaterHint, Unread, Person    string
	History                      string
	OlderTexts, NewestTexts      string
}

// PhotoForm is for photos in messages: the form, and the page of one photo.
type PhotoForm struct {
	Photos, Choose, ChooseHint, Describe, Sending string // in the composer
	DescribeEach, LeaveOut, Kept                  string
	DescribeThis, Alt, Remove, Unanswered         string // used by the script; a file name follows the first and the third
	Many, Heavy, BadType, Big                     string // said before anything is sent; {what} is a file name
	TooLarge, Refused                             string // said by a server between browser and Parley; {what} is its status
	Back, In, With, OfMessage, Previous, Next     string // page of a photo
	DescribeIt, Shows, ShowsHint                  string
}

// Search is for the search form and its results.
type Search struct {
	Words, Hint, Where, AllRooms, Who, Anybody                 string
	Indexing, ExactOnly, Fewer, Everywhere, In, To             string
	OlderFirst, NewestFirst, NothingYet, NothingOlder, Nothing string
	Search, SearchOlder, Older, Filters                        string
	Count                                                      func(n int) string // of results
	NoWord, TooManyWords, BadText, TooFast                     string
}

// Formatting is for the page that explains formatting, with samples.
type Formatting struct {
	Title, NewTab, Becomes, GoodToKnow   string
	Italic, Bold, Code, Block, Quote     string
	List, Numbers, Link                  string
	AsTyped, AtStart, ShowMark, Mentions string
}

// Keys is for the page that lists what keys do.
type Keys struct {
	Title, Anywhere, InMessages, InComposer          string
	Jump, Help, Close                                string // what a key does anywhere
	Move, Ends                                       string // in the list of messages
	Send, NewLine, EditLast, Complete, CompleteEmoji string
	Enter, Shift, HomeEnd, Ctrl, Esc, NeedsScripts   string // the names of keys
}

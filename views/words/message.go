package words

// Detail is for the page of one message.
type Detail struct {
	Title, In, With              string // in a group, and with a friend
	Reactions, Another, React    string
	Reply, YourReply, InRoom     string
	Edit, Text, EditHint, Save   string
	Delete, DeleteHint, DeleteIt string
	Later, LaterHint, Unread     string
	History                      string
}

// PhotoForm is for photos in messages.
type PhotoForm struct {
	Photos, Choose, ChooseHint, Describe, Sending string // in the composer
	DescribeEach, LeaveOut, Kept                  string
	DescribeThis, Remove, Unanswered              string // by a script, before a file's name
	Back, In, With, OfMessage, Previous, Next     string // on the page of one
	DescribeIt, Shows, ShowsHint                  string
}

// Search is for the search, and for what it finds.
type Search struct {
	Words, Hint, Where, AllRooms, Who, Anybody                 string
	Indexing, ExactOnly, Fewer, Everywhere, In, To             string
	OlderFirst, NewestFirst, NothingYet, NothingOlder, Nothing string
	Search, SearchOlder, Older                                 string
	NoWord, TooManyWords, BadText, TooFast                     string
}

// Formatting is for the page that explains the marks, with samples of them.
type Formatting struct {
	Title, NewTab, Becomes, GoodToKnow   string
	Italic, Bold, Code, Block, Quote     string
	List, Numbers, Link                  string
	AsTyped, AtStart, ShowMark, Mentions string
}

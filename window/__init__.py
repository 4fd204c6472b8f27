"""The chat window: what people see and click, built on the public names of `qa`.

conversation.py: one visitor's questions and answers, as values.
markup.py: text of pages and people → HTML that shows it as text, with marks put in.
transcript.py: a conversation → the left column. sources.py: one turn's sources → the right one.
desk.py: what is shown for each action. frame.py: the page; talk_tab.py: the controls of its parts.
doors.py: which addresses of the server are open. passwords.py: who may enter.
examples.py: questions to begin with. style/ and script/: how it looks and reacts, theme.css all colours and fonts.
"""

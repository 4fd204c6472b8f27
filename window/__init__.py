"""The chat window: what people see and click, built on the public names of `qa`.

frame.py: the page and its tabs. desk.py: what is shown for each action. conversation.py: one
visitor's questions and answers, as values. markup.py: text of pages and people → HTML that shows
it as text, with marks put in; labels in both languages. queueing.py: how many questions at once.
talk/, reading/, archive/, pages/: the parts of the page; in each, tab.py holds the controls and
the rest is HTML without gradio. entrance/: who and what comes in from the network.
style/ and script/: how it looks and reacts; theme.css holds all colours and fonts.
"""

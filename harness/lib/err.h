/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * err.h - the last error, as a number and as a sentence
 *
 * Who sees a failure describes it; who knows more adds it; only a verb prints it:
 *
 *	if (ioctl(fd, TUNSETIFF, &ifr))
 *		return err_set(errno, "tap %s: attach", name);
 *	...
 *	if (ret < 0)
 *		return err_wrap(ret, "cell %s", cell_name);
 *
 * Sentences are lower case without a full stop, name the object and the value, and end
 * with the cure when there is one.
 */
#ifndef LIB_ERR_H
#define LIB_ERR_H

/**
 * err_set() - describe a failure
 * @err: positive errno value; its text is appended to the sentence
 * @fmt: printf format of the sentence
 * Return: -@err, so that it can be returned at once.
 */
int err_set(int err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * err_say() - describe a failure that no errno describes better
 * @err: positive errno value to return; its text is not appended
 * @fmt: printf format of the sentence
 * Return: -@err.
 */
int err_say(int err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * err_wrap() - put what the caller knows before the sentence
 * @ret: the negative value to return
 * @fmt: printf format of the context; ": " is added
 * Return: @ret.
 */
int err_wrap(int ret, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** err_text() - Return: the last sentence, "" if there was none. */
const char *err_text(void);

/**
 * err_restore() - put a sentence back that was kept while something was undone
 * @sentence: a copy of what err_text() said before
 */
void err_restore(const char *sentence);

/** err_clear() - forget the last sentence. */
void err_clear(void);

#endif
